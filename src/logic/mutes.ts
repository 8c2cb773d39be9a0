import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';

/** When the list is read anew, beside what is being done. */
const refreshMs = 400;
/** How old it may be when it decides. */
const maxAgeMs = 800;

/** Who may not write now. */
export interface Mutes {
	/** Resolves when the list is new enough; undefined when it is already, as it is for all but a few calls a second. */
	current(): Promise<void> | undefined;
	/** What a user who is muted, by the current list, is refused with; undefined for everybody else. */
	refusal(userId: number): ChatError | undefined;
	/** This process has changed who is muted: the list is read before it decides again. */
	changed(): void;
}

/**
 * Keeps the list of all who are muted, which is short, in memory: a message costs a look at a clock and into a map. It is read
 * when somebody writes and it is old, so a process where nobody writes asks nothing.
 */
export const createMutes = (store: Pick<ChatStore, 'mutedUsers'>): Mutes => {
	let until = new Map<number, number | null>();
	let readAt = Number.NEGATIVE_INFINITY;
	let reading: Promise<void> | undefined;

	const read = (): Promise<void> => {
		const askedAt = performance.now();
		const mine = store.mutedUsers(Date.now()).then(
			(muted) => {
				// What changed meanwhile may not be in it.
				if (reading !== mine) return;
				until = new Map(muted.map((user) => [user.userId, user.until]));
				readAt = askedAt;
				reading = undefined;
			},
			(error: unknown) => {
				if (reading === mine) reading = undefined;
				throw error;
			},
		);
		// Whoever does not wait for it does not hear of it.
		mine.catch(() => {});
		return mine;
	};

	/** Until the list is not older than it may be for whoever asks now. */
	const settle = async (): Promise<void> => {
		const since = performance.now() - maxAgeMs;
		while (readAt < since) {
			reading ??= read();
			await reading;
		}
	};

	return {
		current: () => {
			const age = performance.now() - readAt;
			if (age < refreshMs) return undefined;
			reading ??= read();
			return age < maxAgeMs ? undefined : settle();
		},
		refusal: (userId) => {
			const end = until.get(userId);
			if (end === undefined || (end !== null && end <= Date.now())) return undefined;
			return new ChatError('muted', undefined, { until: end ?? undefined });
		},
		changed: () => {
			readAt = Number.NEGATIVE_INFINITY;
			reading = undefined;
		},
	};
};
