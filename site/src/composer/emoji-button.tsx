import { type RefObject, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SmileIcon } from '../ui/icons.tsx';
import { useModule } from '../ui/use-module.ts';
import { insertText } from './insert-text.ts';

/** Opens the emoji, whose code comes with the first click, and puts the chosen one where the caret is. */
export const EmojiButton = ({ area }: { readonly area: RefObject<HTMLTextAreaElement | null> }) => {
	const { t } = useTranslation();
	const trigger = useRef<HTMLButtonElement>(null);
	const { module, want, busy } = useModule(() => import('./emoji-popover.tsx'));
	const onPick = useCallback(
		(emoji: string) => {
			if (area.current !== null) insertText(area.current, emoji);
		},
		[area],
	);
	if (module !== undefined) return <module.EmojiPopover trigger={trigger} area={area} onPick={onPick} />;
	return (
		<button
			ref={trigger}
			type="button"
			className="button icon"
			aria-label={t('composer.emoji')}
			title={t('composer.emoji')}
			aria-haspopup="dialog"
			aria-expanded={false}
			aria-busy={busy}
			onClick={want}
		>
			<SmileIcon />
		</button>
	);
};
