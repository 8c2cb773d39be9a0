import { type RefObject, type UIEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import type { Timeline } from '../chat/timeline.ts';
import { lastSeq } from '../chat/window.ts';

interface Options {
	readonly timeline: Timeline;
	readonly list: RefObject<VirtuosoHandle | null>;
	/** Whether the view begins there. */
	readonly begins: boolean;
	/** What the list shows: the end moves when it changes. */
	readonly rows: readonly unknown[];
}

/** A view that is this near to the end counts as there, in pixels. */
export const nearEnd = 80;
/** For so long a scroll may be the reader's doing, or that of messages that were drawn. */
const causeMs = 1000;

/**
 * Keeps a view at the end of a conversation, however quickly that moves: by what arrives, by messages that grow when they are
 * drawn, by older ones that make room. Only its reader takes it away from there, by scrolling up: the list itself scrolls, too,
 * when its rows change. The end of a stretch that ends before the newest message leads on to what follows.
 */
export const useEnd = ({ timeline, list, begins, rows }: Options) => {
	const [atEnd, setAtEnd] = useState(true);
	const stays = useRef(begins);
	const lastTop = useRef(0);
	const touchedAt = useRef(Number.NEGATIVE_INFINITY);
	const grownAt = useRef(Number.NEGATIVE_INFINITY);

	const follow = useCallback(() => {
		// More than there is: the list goes as far as it can.
		if (stays.current) list.current?.scrollTo({ top: Number.MAX_SAFE_INTEGER });
	}, [list]);
	const left = useCallback(() => {
		stays.current = false;
		timeline.pinned = false;
		setAtEnd(false);
	}, [timeline]);
	const moved = useCallback(
		(end: boolean) => {
			if (!end) {
				if (stays.current) follow();
				else left();
				return;
			}
			setAtEnd(true);
			const state = timeline.store.getState();
			if (timeline.pinned || lastSeq(state) >= state.head) {
				stays.current = true;
				timeline.pinned = true;
			} else void timeline.loadNewer();
		},
		[timeline, follow, left],
	);
	const touched = useCallback(() => {
		touchedAt.current = performance.now();
	}, []);
	const scrolled = useCallback(
		({ currentTarget: { scrollTop: top, scrollHeight, clientHeight } }: UIEvent<HTMLElement>) => {
			const up = top < lastTop.current;
			lastTop.current = top;
			const now = performance.now();
			const byReader = now - touchedAt.current < causeMs || now - grownAt.current > causeMs;
			if (up && byReader && scrollHeight - top - clientHeight > nearEnd) left();
		},
		[left],
	);
	const grown = useCallback(() => {
		grownAt.current = performance.now();
		follow();
	}, [follow]);
	useEffect(() => {
		timeline.pinned = begins;
	}, [timeline, begins]);
	const sized = useRef<ResizeObserver>(undefined);
	// The list becomes lower when something else needs room: a banner, a longer draft, a keyboard. Its rows become higher after
	// it has told of it: only when they are drawn can the view go to their end.
	const scroller = useCallback(
		(element: HTMLElement | Window | null) => {
			sized.current?.disconnect();
			if (!(element instanceof HTMLElement)) return;
			sized.current = new ResizeObserver(grown);
			sized.current.observe(element);
			const content = element.querySelector('[data-testid=virtuoso-item-list]');
			if (content !== null) sized.current.observe(content);
		},
		[grown],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: rows may change their number without changing the list's height
	useEffect(() => {
		// Whoever writes something is led to the end.
		if (timeline.pinned) stays.current = true;
		grownAt.current = performance.now();
		follow();
	}, [rows, timeline, follow]);
	const ofReader = { onWheel: touched, onTouchMove: touched, onPointerDown: touched, onKeyDown: touched };
	return { atEnd, moved, grown, scroller, handlers: { ...ofReader, onScroll: scrolled } };
};
