import type { ChatStore, StoredSession } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';
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
	const end = async (userId: number, ids: readonly string[]): Promise<number> => {
		const ended = ids.length === 0 ? [] : await store.endSessionsOfUser(userId, ids, Date.now());
		if (ended.length > 0) await revoke(ended);
		return ended.length;
	};

	const endOthers = async ({ id, user }: StoredSession): Promise<void> => {
		const others = (await store.sessionsOfUser(user.id)).filter((other) => other.id !== id);
		await end(
			user.id,
			others.map((other) => other.id),
		);
	};

	/** A hash that was made anew meanwhile, by a log-in, is of the same password: looked at again, it is right. */
	const replacePassword = async ({ id, name }: UserRef, current: string, next: string, tries = 3): Promise<void> => {
		const key = userNameKey(name);
		const { passwordHash } = await attempts.confirm(id, async () => {
			const user = key === undefined ? undefined : await store.userByNameKey(key);
			return (await passwords.verify(current, user?.passwordHash, 'first')) ? user : undefined;
		});
		if (await store.setPasswordHash(id, await passwords.hash(next, 'first'), passwordHash)) return;
		if (tries === 0) throw new ChatError('wrong-credentials');
		await replacePassword({ id, name }, current, next, tries - 1);
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
			if (id === undefined) await endOthers(session);
			else if (!sessionId.test(id) || (await end(session.user.id, [id])) === 0) throw new ChatError('not-found');
			return {};
		},
		'logic.changePassword': async ({ token, current, next }) => {
			checkText('next', next);
			const session = await sessions.require(token);
			await replacePassword(session.user, current, next);
			// After the new hash: who signs in with the old password from now on is refused (see `logic.login`).
			await endOthers(session);
			return {};
		},
		'logic.endedSessions': ({ ids }) => sessions.ended(ids),
		'logic.recentlyEnded': async () => ({ ids: await recentlyEnded() }),
	};
};
