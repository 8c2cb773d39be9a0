import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Emoji, emojiName } from './emoji-data.ts';
import { type Cell, moved, sectionsFor } from './emoji-grid.ts';
import styles from './emoji-popover.module.css';

const first: Cell = { row: 0, column: 0 };
const placeOf = ({ row, column }: Cell): string => `${row}:${column}`;

interface ButtonProps {
	readonly emoji: Emoji;
	readonly cell: Cell;
	/** Whether Tab leads to it; the others are reached by the arrow keys. */
	readonly current: boolean;
	readonly onPick: (emoji: string) => void;
}

const EmojiCell = ({ emoji, cell, current, onPick }: ButtonProps) => {
	const { i18n } = useTranslation();
	const name = emojiName(emoji, i18n.language);
	return (
		<button
			type="button"
			className={styles.emoji}
			aria-label={name}
			title={name}
			tabIndex={current ? 0 : -1}
			data-place={placeOf(cell)}
			onClick={() => onPick(emoji.symbol)}
		>
			{emoji.symbol}
		</button>
	);
};

/** All emoji, with a search. Arrow keys move among them, from the search down into them and back; Enter in the search chooses the first. */
export const EmojiPicker = ({ onPick }: { readonly onPick: (emoji: string) => void }) => {
	const { t } = useTranslation();
	const [search, setSearch] = useState('');
	const [current, setCurrent] = useState(first);
	const input = useRef<HTMLInputElement>(null);
	const grid = useRef<HTMLDivElement>(null);
	const sections = useMemo(() => sectionsFor(search), [search]);
	const rows = sections.flatMap((section) => section.rows);

	const go = (to: Cell | undefined) => {
		if (to === undefined) return input.current?.focus();
		setCurrent(to);
		grid.current?.querySelector<HTMLElement>(`[data-place="${placeOf(to)}"]`)?.focus();
	};
	const onSearchKey = (event: KeyboardEvent) => {
		if (event.nativeEvent.isComposing) return;
		const [[best] = []] = rows;
		if (best === undefined || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
		event.preventDefault();
		if (event.key === 'Enter') onPick(best.symbol);
		else go(first);
	};
	const onGridKey = (event: KeyboardEvent) => {
		if (!/^(Arrow|Home$|End$)/.test(event.key)) return;
		event.preventDefault();
		go(moved(rows, current, event.key));
	};
	let row = -1;
	return (
		<>
			<input
				ref={input}
				type="search"
				className="input"
				aria-label={t('composer.searchEmoji')}
				placeholder={t('composer.searchEmoji')}
				value={search}
				onChange={({ target }) => {
					setSearch(target.value);
					setCurrent(first);
				}}
				onKeyDown={onSearchKey}
			/>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys bubble up from the buttons, which are what has the focus */}
			<div ref={grid} className={styles.grid} onKeyDown={onGridKey}>
				{sections.map((section) => (
					<fieldset key={section.group} className={styles.group}>
						<legend className={section.group === null ? 'hidden-text' : styles.name}>
							{section.group === null ? t('composer.searchEmoji') : t(`composer.emojiGroups.${section.group}`)}
						</legend>
						{section.rows.map((emoji) => {
							row++;
							const at = row;
							return emoji.map((one, column) => (
								<EmojiCell
									key={one.symbol}
									emoji={one}
									cell={{ row: at, column }}
									current={current.row === at && current.column === column}
									onPick={onPick}
								/>
							));
						})}
					</fieldset>
				))}
			</div>
			<p role="status" className={rows.length === 0 ? 'muted' : 'hidden-text'}>
				{rows.length === 0 && t('composer.noEmoji')}
			</p>
		</>
	);
};
