import { nanoid } from 'nanoid';
import type { ChatStore, StoredSession } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { hashToken, newToken } from './token.ts';

const dayMs = 86_400_000;
/** The use of a session is noted at most so often. */
const noteUseMs = 3_600_000;
/** How long uses are collected, to be noted by one statement. */
const collectMs = 1000;
const idsPerStatement = 256;

export interface Sessions {
	/** Starts a session; the token, which is kept nowhere else. */
	open(userId: number, device: string): Promise<string>;
	/** The session of a token, which is used by that. Rejects with `unauthorized` when there is none or it has expired. */
	require(token: string): Promise<StoredSession>;
	/** Ends the session of a token. Rejects with `unauthorized` when there is none. */
	end(token: string): Promise<StoredSession>;
	/** Which of these sessions are not valid any more, and when each expires, 0 for those. The others are in use: sockets of theirs are open. */
	ended(ids: readonly string[]): Promise<{ ended: string[]; expiresAt: number[] }>;
	/** The valid sessions of a user, the newest first. */
	ofUser(userId: number): Promise<StoredSession[]>;
}

interface Options {
	readonly store: ChatStore;
	/** A session that is not used for so many days has expired. */
	readonly idleDays: number;
	/** No session is valid for longer. */
	readonly days: number;
	readonly logger: Logger;
}

export const createSessions = ({ store, idleDays, days, logger }: Options): Sessions => {
	const idleMs = Math.min(idleDays, days) * dayMs;
	const absoluteMs = days * dayMs;
	const used = new Set<string>();
	let timer: NodeJS.Timeout | undefined;

	/** One that fails is noted with a later use. */
	const note = async (): Promise<void> => {
		timer = undefined;
		const ids = [...used];
		used.clear();
		try {
			for (let start = 0; start < ids.length; start += idsPerStatement) {
				const some = ids.slice(start, start + idsPerStatement);
				await store.touchSessions(some, { at: Date.now(), idleMs, absoluteMs });
			}
		} catch (error) {
			logger.debug({ err: error }, 'uses of sessions not noted');
		}
	};

	/** Costs a comparison, but for once an hour. */
	const noteUse = (session: StoredSession, now: number): void => {
		if (now - session.usedAt < noteUseMs) return;
		used.add(session.id);
		if (timer === undefined) timer = setTimeout(() => void note(), collectMs).unref();
	};

	return {
		open: async (userId, device) => {
			const token = newToken();
			const createdAt = Date.now();
			const expiresAt = createdAt + idleMs;
			await store.createSession({ id: nanoid(), tokenHash: hashToken(token), userId, device, createdAt, expiresAt });
			return token;
		},
		require: async (token) => {
			const session = await store.sessionByTokenHash(hashToken(token));
			const now = Date.now();
			if (session === undefined || session.expiresAt <= now) throw new ChatError('unauthorized');
			noteUse(session, now);
			return session;
		},
		end: async (token) => {
			const session = await store.endSession(hashToken(token), Date.now());
			if (session === undefined) throw new ChatError('unauthorized');
			return session;
		},
		ended: async (ids) => {
			if (ids.length === 0) return { ended: [], expiresAt: [] };
			const now = Date.now();
			const stored = await store.sessionsById(ids);
			const valid = new Map<string, number>();
			for (const session of stored) {
				if (session.expiresAt <= now) continue;
				valid.set(session.id, session.expiresAt);
				noteUse(session, now);
			}
			return { ended: ids.filter((id) => !valid.has(id)), expiresAt: ids.map((id) => valid.get(id) ?? 0) };
		},
		ofUser: async (userId) => {
			const now = Date.now();
			return (await store.sessionsOfUser(userId)).filter((session) => session.expiresAt > now);
		},
	};
};
