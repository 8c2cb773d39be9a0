import { nanoid } from 'nanoid';
import type { ChatStore, StoredSession } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import { hashToken, newToken } from './token.ts';

const dayMs = 86_400_000;

export interface Sessions {
	/** Starts a session; the token, which is kept nowhere else. */
	open(userId: number, device: string): Promise<string>;
	/** The session of a token. Rejects with `unauthorized` when there is none or it has expired. */
	require(token: string): Promise<StoredSession>;
	/** Ends the session of a token. Rejects with `unauthorized` when there is none. */
	end(token: string): Promise<StoredSession>;
	/** Which of these sessions are not valid any more. */
	ended(ids: readonly string[]): Promise<string[]>;
	/** The valid sessions of a user, the newest first. */
	ofUser(userId: number): Promise<StoredSession[]>;
}

export const createSessions = (store: ChatStore, sessionDays: number): Sessions => ({
	open: async (userId, device) => {
		const token = newToken();
		const createdAt = Date.now();
		const expiresAt = createdAt + sessionDays * dayMs;
		await store.createSession({ id: nanoid(), tokenHash: hashToken(token), userId, device, createdAt, expiresAt });
		return token;
	},
	require: async (token) => {
		const session = await store.sessionByTokenHash(hashToken(token));
		if (session === undefined || session.expiresAt <= Date.now()) throw new ChatError('unauthorized');
		return session;
	},
	end: async (token) => {
		const session = await store.deleteSession(hashToken(token));
		if (session === undefined) throw new ChatError('unauthorized');
		return session;
	},
	ended: async (ids) => {
		if (ids.length === 0) return [];
		const now = Date.now();
		const stored = await store.sessionsById(ids);
		const valid = new Set(stored.filter((session) => session.expiresAt > now).map((session) => session.id));
		return ids.filter((id) => !valid.has(id));
	},
	ofUser: async (userId) => {
		const now = Date.now();
		return (await store.sessionsOfUser(userId)).filter((session) => session.expiresAt > now);
	},
});
