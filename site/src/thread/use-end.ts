import { type RefObject, type UIEvent, useCallback, useRef, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import type { Timeline } from '../chat/timeline.ts';
import { lastSeq } from '../chat/window.ts';

interface Options {
	readonly timeline: Timeline;
	readonly list: RefObject<VirtuosoHandle | null>;
	/** Whether the view begins there. */
	readonly begins: boolean;
}

/** A view that is this near to the end counts as there, in pixels. */
export const nearEnd = 80;

/**
 * Keeps a view at the end of a conversation, however quickly that moves: by what arrives, by messages that grow when they are
 * drawn, by older ones that make room. Only its reader takes it away from there, by scrolling up. The end of a stretch that
 * ends before the newest message leads on to what follows.
 */
export const useEnd = ({ timeline, list, begins }: Options) => {
	const [atEnd, setAtEnd] = useState(true);
	const stays = useRef(begins);
	const was = useRef({ top: 0, height: 0 });

	const left = useCallback(() => {
		stays.current = false;
		timeline.pinned = false;
		setAtEnd(false);
	}, [timeline]);
	const moved = useCallback(
		(end: boolean) => {
			if (!end) {
				// Otherwise the end has moved, and the view goes after it.
				if (!stays.current) left();
				return;
			}
			setAtEnd(true);
			const state = timeline.store.getState();
			if (timeline.pinned || lastSeq(state) >= state.head) {
				stays.current = true;
				timeline.pinned = true;
			} else void timeline.loadNewer();
		},
		[timeline, left],
	);
	const scrolled = useCallback(
		({ currentTarget: { scrollTop: top, scrollHeight: height, clientHeight } }: UIEvent<HTMLElement>) => {
			const up = top < was.current.top && height === was.current.height;
			was.current = { top, height };
			if (up && height - top - clientHeight > nearEnd) left();
		},
		[left],
	);
	const grown = useCallback(() => {
		if (stays.current) list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
	}, [list]);
	return { atEnd, moved, scrolled, grown };
};
