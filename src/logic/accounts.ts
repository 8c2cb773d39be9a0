import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import { checkText } from './body.ts';
import type { Passwords } from './password.ts';
import type { Revoke } from './revocation.ts';
import type { Sessions } from './sessions.ts';
import { parseUserName, userNameKey } from './user-name.ts';
import type { Users } from './users.ts';

type AccountMethods =
	| 'logic.register'
	| 'logic.login'
	| 'logic.checkAuth'
	| 'logic.logout'
	| 'logic.user'
	| 'logic.endedSessions';

interface Parts {
	readonly store: ChatStore;
	readonly sessions: Sessions;
	readonly users: Users;
	readonly passwords: Passwords;
	readonly revoke: Revoke;
}

/** Who users are, and their sessions. */
export const createAccounts = (parts: Parts): Pick<HandlersOf<'logic'>, AccountMethods> => {
	const { store, sessions, users, passwords, revoke } = parts;

	const signedIn = async ({ id, name }: UserRef) => ({ token: await sessions.open(id), user: { id, name } });

	return {
		'logic.register': async (params) => {
			checkText('password', params.password);
			const { name, key: nameKey } = parseUserName(params.name);
			// Spares the hash; whether the name is taken is decided by createUser.
			if ((await store.userByNameKey(nameKey)) !== undefined) throw new ChatError('name-taken');
			const passwordHash = await passwords.hash(params.password);
			const user = await store.createUser({ name, nameKey, passwordHash, createdAt: Date.now() });
			if (user === undefined) throw new ChatError('name-taken');
			return signedIn(user);
		},
		'logic.login': async ({ name, password }) => {
			const key = userNameKey(name);
			const user = key === undefined ? undefined : await store.userByNameKey(key);
			const right = await passwords.verify(password, user?.passwordHash);
			if (user === undefined || !right) throw new ChatError('wrong-credentials');
			return signedIn(user);
		},
		'logic.checkAuth': async ({ token }) => {
			const { id, expiresAt, user } = await sessions.require(token);
			return { user, session: { id, expiresAt } };
		},
		'logic.logout': async ({ token }) => {
			const session = await sessions.end(token);
			await revoke([session.id]);
			return {};
		},
		'logic.user': ({ id }) => users.require(id),
		'logic.endedSessions': async ({ ids }) => ({ ended: await sessions.ended(ids) }),
	};
};
