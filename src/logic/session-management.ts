import type { ChatStore, SessionChoice, StoredSession } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Attempts } from './attempts.ts';
import { checkText } from './body.ts';
import type { Passwords } from './password.ts';
import type { RecentlyEnded } from './recently-ended.ts';
import type { Revoke } from './revocation.ts';
import type { Sessions } from './sessions.ts';
import { userNameKey } from './user-name.ts';

type SessionMethods =
	| 'logic.sessions'
	| 'logic.endSessions'
	| 'logic.changePassword'
	| 'logic.endedSessions'
	| 'logic.recentlyEnded';

interface Parts {
	readonly store: ChatStore;
	readonly sessions: Sessions;
	readonly passwords: Passwords;
	readonly attempts: Attempts;
	readonly revoke: Revoke;
	readonly recentlyEnded: RecentlyEnded;
}

/** What the store knows sessions by: other text is nobody's, and not every database takes it. */
const sessionId = /^[\w-]+$/;

/** A user's sessions as a whole: where one is signed in, and how to end that. */
export const createSessionManagement = (parts: Parts): Pick<HandlersOf<'logic'>, SessionMethods> => {
	const { store, sessions, passwords, attempts, revoke, recentlyEnded } = parts;

	/** Ends these sessions of a user, and closes their sockets; how many there were. */
	const end = async (userId: number, which: SessionChoice): Promise<number> => {
		const ended = await store.endSessionsOfUser(userId, which, Date.now());
		if (ended.length > 0) await revoke(ended);
		return ended.length;
	};

	/**
	 * Replaces the password of a session's user, and ends all others; their ids. A hash that was made anew meanwhile, by a log-in, is of
	 * the same password: looked at again, it is right.
	 */
	const replacePassword = async (
		session: StoredSession,
		current: string,
		next: string,
		tries = 3,
	): Promise<string[]> => {
		const { id: userId, name } = session.user;
		const key = userNameKey(name);
		const { passwordHash: previous } = await attempts.confirm(userId, async () => {
			const user = key === undefined ? undefined : await store.userByNameKey(key);
			return (await passwords.verify(current, user?.passwordHash, 'first')) ? user : undefined;
		});
		const hash = await passwords.hash(next, 'first');
		const ended = await store.changePassword({ userId, next: hash, previous, keep: session.id, at: Date.now() });
		if (ended !== undefined) return ended;
		if (tries === 0) throw new ChatError('wrong-credentials');
		return replacePassword(session, current, next, tries - 1);
	};

	return {
		'logic.sessions': async ({ token }) => {
			const { id: ownId, user } = await sessions.require(token);
			const items = (await sessions.ofUser(user.id)).map(({ user: _, ...session }) => {
				return { ...session, current: session.id === ownId };
			});
			return { items };
		},
		'logic.endSessions': async ({ token, id }) => {
			const session = await sessions.require(token);
			if (id === undefined) await end(session.user.id, { except: session.id });
			else if (!sessionId.test(id) || (await end(session.user.id, [id])) === 0) throw new ChatError('not-found');
			return {};
		},
		'logic.changePassword': async ({ token, current, next }) => {
			checkText('next', next);
			const session = await sessions.require(token);
			// Who signs in with the old password from now on is refused (see `logic.login`).
			const ended = await replacePassword(session, current, next);
			if (ended.length > 0) await revoke(ended);
			return {};
		},
		'logic.endedSessions': ({ ids }) => sessions.ended(ids),
		'logic.recentlyEnded': async () => ({ ids: await recentlyEnded() }),
	};
};
