import { callApi } from './http.ts';

/** Whose account, and where. */
export interface AccountAccess {
	/** Base of the REST API, as in `https://chat.example/api`. */
	readonly api: string;
	/** Of a session of that user. */
	readonly token: string;
}

interface SignOut extends AccountAccess {
	/** Ends the wait; it may end the session all the same. */
	readonly signal?: AbortSignal;
}

/** One place where a user is signed in. */
export interface Session {
	readonly id: string;
	/** What the user called the program or machine. */
	readonly device: string;
	/** RFC 3339, UTC. */
	readonly createdAt: string;
	/** RFC 3339, UTC: when it was last used, to the hour. */
	readonly usedAt: string;
	/** RFC 3339, UTC: it ends by itself then, unless it is used before. */
	readonly expiresAt: string;
	/** Whether it is the one that asks. */
	readonly current: boolean;
}

const end = async ({ api, ...access }: SignOut, path: string): Promise<void> => {
	await callApi(api, path, { method: 'DELETE', ...access });
};

/** Ends the session of this token; its sockets close within a second. Rejects with `unauthorized` when it has ended already. */
export const signOut = (access: SignOut): Promise<void> => end(access, '/v2/sessions/current');

/**
 * Where the user is signed in, the newest first. Rejects with `unauthorized`.
 *
 * ```ts
 * const others = (await listSessions({ api, token })).filter(({ current }) => !current);
 * ```
 */
export const listSessions = async ({ api, token }: AccountAccess): Promise<readonly Session[]> => {
	const { items } = (await callApi(api, '/v2/sessions', { token })) as { readonly items: readonly Session[] };
	return items;
};

/** Ends one of the user's sessions; its sockets close within a second. Rejects with `not-found` when there is no such session, and with `unauthorized`. */
export const endSession = ({ id, ...access }: AccountAccess & { readonly id: string }): Promise<void> =>
	end(access, `/v2/sessions/${encodeURIComponent(id)}`);

/** Ends all sessions of the user but that of this token; their sockets close within a second. Rejects with `unauthorized`. */
export const endOtherSessions = (access: AccountAccess): Promise<void> => end(access, '/v2/sessions');

/** The password that a user has, and the one to be. */
export interface PasswordChange extends AccountAccess {
	readonly current: string;
	/** 6 to 128 characters. */
	readonly next: string;
}

/**
 * Changes the password, and ends all other sessions of the user. Rejects with `wrong-credentials` when `current` is not the password, with
 * `bad-request` when `next` is too short or too long, and with `unauthorized`.
 */
export const changePassword = async ({ api, token, current, next }: PasswordChange): Promise<void> => {
	await callApi(api, '/v2/password', { method: 'PUT', token, body: { current, next } });
};
