import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
	readonly text: string;
	readonly onText: (text: string) => void;
}

/** Where one writes what the list is searched for; Esc empties it. */
export const SearchBox = ({ text, onText }: Props) => {
	const { t } = useTranslation();
	const keyDown = (event: KeyboardEvent) => {
		if (event.key !== 'Escape' || text === '') return;
		event.preventDefault();
		onText('');
	};
	return (
		<input
			type="search"
			className="input"
			aria-label={t('inbox.search')}
			placeholder={t('inbox.search')}
			value={text}
			autoComplete="off"
			spellCheck={false}
			onChange={(event) => onText(event.target.value)}
			onKeyDown={keyDown}
		/>
	);
};
