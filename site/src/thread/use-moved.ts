import { useCallback, useEffect, useRef } from 'react';
import type { Timeline } from '../chat/timeline.ts';
import { lastSeq } from '../chat/window.ts';

/** A view that is away from the bottom for less than this has not been moved by its reader: what arrives pushes it there. */
const awayMs = 300;

/**
 * Tells a timeline whether its view stands at the newest message, and `shown` whether it stands at the bottom. The bottom of a
 * stretch that ends earlier leads on to what follows.
 */
export const useMoved = (timeline: Timeline, shown: (atBottom: boolean) => void): ((atBottom: boolean) => void) => {
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	return useCallback(
		(atBottom) => {
			clearTimeout(timer.current);
			if (!atBottom) {
				timer.current = setTimeout(() => {
					timeline.pinned = false;
					shown(false);
				}, awayMs);
				return;
			}
			shown(true);
			const state = timeline.store.getState();
			if (timeline.pinned || lastSeq(state) >= state.head) timeline.pinned = true;
			else void timeline.loadNewer();
		},
		[timeline, shown],
	);
};
