import { type ComponentProps, type ComponentType, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type ItemProps, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import styles from './row-list.module.css';

export interface RowProps<Id extends string> {
	readonly id: Id;
	/** For the one element of the row that takes the focus. */
	readonly tabIndex: 0 | -1;
}

interface Props<Id extends string> {
	readonly ids: readonly Id[];
	/** The list's name. */
	readonly label?: string | undefined;
	/** The row that the Tab key leads to at first. */
	readonly start?: Id | null;
	/** Renders one element. Memoised, so that only what changes is rendered again. */
	readonly Row: ComponentType<RowProps<Id>>;
}

interface Context {
	readonly label: string | undefined;
	readonly count: number;
}

/** Longer lists render only what is seen. */
const maxWhole = 100;
/** Rendered beyond what is seen, so that the next row is there when an arrow key asks for it; pixels. */
const aheadPx = 300;

const VirtualList = ({ context, ...list }: ComponentProps<'ul'> & { readonly context: Context }) => (
	<ul {...list} aria-label={context.label} />
);

const VirtualItem = ({ context, item: _, ...row }: ItemProps<unknown> & { readonly context: Context }) => (
	<li {...row} aria-posinset={row['data-item-index'] + 1} aria-setsize={context.count} />
);

const components = { List: VirtualList, Item: VirtualItem };

/** Where a key leads from a row; undefined for keys that lead nowhere. */
const target = (key: string, index: number, count: number): number | undefined => {
	if (key === 'ArrowDown') return Math.min(index + 1, count - 1);
	if (key === 'ArrowUp') return Math.max(index - 1, 0);
	if (key === 'Home') return 0;
	return key === 'End' ? count - 1 : undefined;
};

/** The index of the row that an element stands in; -1 for none. */
const rowIndex = (element: Element): number =>
	Number(element.closest('[data-item-index]')?.getAttribute('data-item-index') ?? -1);

/**
 * A list of any length, of rows that take the focus: one stop of the Tab key for all of them, and the arrow keys, Home and End
 * between them. It fills the column that it stands in.
 */
export const RowList = <Id extends string>({ ids, label, start = null, Row }: Props<Id>) => {
	const whole = ids.length <= maxWhole;
	const box = useRef<HTMLDivElement>(null);
	const virtuoso = useRef<VirtuosoHandle>(null);
	/** The row that is to take the focus as soon as it is rendered. */
	const awaited = useRef(-1);
	const [focused, setFocused] = useState<Id | null>(null);
	const [rendered, setRendered] = useState({ startIndex: 0, endIndex: 0 });

	const stands = (id: Id | null) => {
		const index = id === null ? -1 : ids.indexOf(id);
		return index >= 0 && (whole || (index >= rendered.startIndex && index <= rendered.endIndex));
	};
	const stop = [focused, start].find(stands) ?? ids[whole ? 0 : rendered.startIndex];

	const row = (index: number) => box.current?.querySelector<HTMLElement>(`[data-item-index="${index}"] > *`);
	const keyDown = (event: KeyboardEvent) => {
		const from = rowIndex(event.target as Element);
		const index = from < 0 ? undefined : target(event.key, from, ids.length);
		if (index === undefined) return;
		event.preventDefault();
		const next = row(index);
		awaited.current = next == null ? index : -1;
		if (next == null) virtuoso.current?.scrollToIndex(index);
		else next.focus();
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: looks whenever other rows are rendered
	useEffect(() => {
		const next = awaited.current < 0 ? undefined : row(awaited.current);
		if (next == null) return;
		awaited.current = -1;
		next.focus();
	}, [rendered]);

	const render = (id: Id) => <Row id={id} tabIndex={id === stop ? 0 : -1} />;
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
		<div
			ref={box}
			className={styles.box}
			onKeyDown={keyDown}
			onFocus={(event) => setFocused(ids[rowIndex(event.target)] ?? null)}
		>
			{whole ? (
				<ul aria-label={label}>
					{ids.map((id, index) => (
						<li key={id} data-item-index={index}>
							{render(id)}
						</li>
					))}
				</ul>
			) : (
				<Virtuoso
					ref={virtuoso}
					tabIndex={-1}
					data={ids}
					context={{ label, count: ids.length }}
					components={components}
					computeItemKey={(_, id) => id}
					increaseViewportBy={aheadPx}
					rangeChanged={setRendered}
					itemContent={(_, id) => render(id)}
				/>
			)}
		</div>
	);
};
