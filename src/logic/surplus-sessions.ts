import type { ChatStore } from '../ports/chat-store.ts';
import type { Revoke } from './revocation.ts';

interface Parts {
	readonly store: Pick<ChatStore, 'sessionsOfUser' | 'endSessionsOfUser'>;
	readonly revoke: Revoke;
	/** Sessions that a user may have. */
	readonly mostSessions: number;
	/** Told of each that was ended since there were more. */
	readonly surplusEnded: () => void;
}

/** After a log-in: ends those sessions of a user that are more than one may have, the ones that were used longest ago. */
export type EndSurplus = (userId: number) => Promise<void>;

export const createEndSurplus =
	({ store, revoke, mostSessions, surplusEnded }: Parts): EndSurplus =>
	async (userId) => {
		// The newest first, and it stays so among those that were used in the same hour.
		const sessions = await store.sessionsOfUser(userId);
		if (sessions.length <= mostSessions) return;
		const byUse = sessions.toSorted((one, other) => other.usedAt - one.usedAt);
		const surplus = byUse.slice(mostSessions).map(({ id }) => id);
		const ended = await store.endSessionsOfUser(userId, surplus, Date.now());
		for (const _ of ended) surplusEnded();
		if (ended.length > 0) await revoke(ended);
	};
