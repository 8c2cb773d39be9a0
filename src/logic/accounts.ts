import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Attempts } from './attempts.ts';
import { checkText } from './body.ts';
import type { ResolveCaller } from './callers.ts';
import type { Passwords } from './password.ts';
import type { RenewHash } from './renew-hash.ts';
import type { Revoke } from './revocation.ts';
import type { Sessions } from './sessions.ts';
import type { EndSurplus } from './surplus-sessions.ts';
import { parseUserName, userNameKey } from './user-name.ts';
import type { Users } from './users.ts';

type AccountMethods =
	| 'logic.register'
	| 'logic.login'
	| 'logic.checkAuth'
	| 'logic.me'
	| 'logic.logout'
	| 'logic.user'
	| 'logic.userByName';

interface Parts {
	readonly store: ChatStore;
	readonly sessions: Sessions;
	readonly resolveCaller: ResolveCaller;
	readonly users: Users;
	readonly passwords: Passwords;
	readonly attempts: Attempts;
	readonly revoke: Revoke;
	readonly renewHash: RenewHash;
	readonly endSurplus: EndSurplus;
}

/** Who users are, and how they sign in and out. */
export const createAccounts = (parts: Parts): Pick<HandlersOf<'logic'>, AccountMethods> => {
	const { store, sessions, resolveCaller, users, passwords, attempts, revoke, renewHash, endSurplus } = parts;

	const refuseBanned = async ({ id }: UserRef): Promise<void> => {
		const ban = await store.inForce(id, 'ban', Date.now());
		if (ban !== undefined) throw new ChatError('banned', undefined, { until: ban.until ?? undefined });
	};

	/** Ends a session that should not have begun, unless what made it so has done that already. */
	const takeBack = async (token: string): Promise<void> => {
		const session = await sessions.end(token).catch((error: unknown) => {
			if (error instanceof ChatError && error.key === 'unauthorized') return undefined;
			throw error;
		});
		if (session !== undefined) await revoke([session.id]);
	};

	const signedIn = async ({ id, name }: UserRef, device: string) => {
		const token = await sessions.open(id, device);
		try {
			// A ban ends all sessions that it finds: this one may have come right after.
			await refuseBanned({ id, name });
			await endSurplus(id);
		} catch (error) {
			await takeBack(token);
			throw error;
		}
		return { token, user: { id, name } };
	};

	/** The user of a name, or undefined for a name that nobody has or can have. */
	const userNamed = async (name: string) => {
		const key = userNameKey(name);
		return key === undefined ? undefined : store.userByNameKey(key);
	};

	return {
		'logic.register': async ({ password, device = '', client, ...params }) => {
			checkText('password', password);
			checkText('device', device);
			const { name, key: nameKey } = parseUserName(params.name);
			await attempts.register(client);
			// Spares the hash; whether the name is taken is decided by createUser.
			if ((await store.userByNameKey(nameKey)) !== undefined) throw new ChatError('name-taken');
			const passwordHash = await passwords.hash(password);
			const user = await store.createUser({ name, nameKey, passwordHash, createdAt: Date.now() });
			if (user === undefined) throw new ChatError('name-taken');
			await attempts.registered(name, client);
			return signedIn(user, device);
		},
		'logic.login': async ({ name, password, device = '', client }) => {
			checkText('device', device);
			const user = await attempts.logIn({ name, client }, async (known) => {
				const named = await userNamed(name);
				const turn = known ? 'first' : 'in turn';
				return (await passwords.verify(password, named?.passwordHash, turn)) ? named : undefined;
			});
			// Only who knows the password is told.
			await refuseBanned(user);
			const answer = await signedIn(user, device);
			// A change of the password ends all sessions that it finds: this one may have come right after. A hash that was only
			// made anew is of the same password.
			const now = await userNamed(name);
			if (now?.passwordHash === user.passwordHash || (await passwords.verify(password, now?.passwordHash, 'first'))) {
				renewHash(user, password);
				return answer;
			}
			await takeBack(answer.token);
			throw new ChatError('wrong-credentials');
		},
		'logic.checkAuth': async ({ token }) => {
			const { id, expiresAt, user } = await sessions.require(token);
			return { user, session: { id, expiresAt } };
		},
		'logic.me': async ({ token }) => {
			const { user } = await sessions.require(token);
			return { user, admin: await store.isAdmin(user.id) };
		},
		'logic.logout': async ({ token }) => {
			const session = await sessions.end(token);
			await revoke([session.id]);
			return {};
		},
		'logic.user': ({ id }) => users.require(id),
		'logic.userByName': async ({ caller, name }) => {
			await resolveCaller(caller);
			const user = await userNamed(name);
			if (user === undefined) throw new ChatError('user-unknown');
			return { id: user.id, name: user.name };
		},
	};
};
