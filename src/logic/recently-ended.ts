import type { ChatStore } from '../ports/chat-store.ts';

/** How far back it is told: much longer than a transaction takes, and than the clocks of two processes may differ. */
const backMs = 10_000;
/** How long an answer is kept: connect servers ask a few times a second, each. */
const keptMs = 150;
/** More are not told: whoever asks compares all that it has. */
const maxTold = 5000;

/** The ids of the sessions that were ended in the last ten seconds, by whichever process; null when they are too many to tell. */
export type RecentlyEnded = () => Promise<string[] | null>;

/** Looks into the store, however many ask, a few times a second at most. An answer is never older than the question by more than `keptMs`. */
export const createRecentlyEnded = (store: Pick<ChatStore, 'sessionsEndedSince'>): RecentlyEnded => {
	let last: { readonly askedAt: number; readonly ids: Promise<string[] | null> } | undefined;
	const look = async () => {
		const ids = await store.sessionsEndedSince(Date.now() - backMs, maxTold + 1);
		return ids.length > maxTold ? null : ids;
	};
	return () => {
		const now = performance.now();
		if (last === undefined || now - last.askedAt >= keptMs) last = { askedAt: now, ids: look() };
		return last.ids;
	};
};
