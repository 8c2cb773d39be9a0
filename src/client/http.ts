import type { UserV2 } from '../protocol/v2/values.ts';
import { TschatError } from './errors.ts';

interface Call {
	readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
	readonly token?: string;
	readonly body?: unknown;
	readonly signal?: AbortSignal;
}

interface Failure {
	readonly error?: {
		readonly key?: string;
		readonly message?: string;
		readonly retryable?: boolean;
		readonly retryAfter?: number;
		readonly until?: string;
	};
}

/** Calls the REST API; the answer, or null when there is none. Rejects with the code that the server told, or `unreachable`. */
export const callApi = async (
	api: string,
	path: string,
	{ method = 'GET', token, body, signal }: Call,
): Promise<unknown> => {
	let response: Response;
	let answer: unknown;
	try {
		response = await fetch(api.replace(/\/+$/, '') + path, {
			method,
			headers: {
				...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal === undefined ? {} : { signal }),
		});
		answer = response.status === 204 ? null : await response.json();
	} catch (cause) {
		throw new TschatError('unreachable', `${api} does not answer`, { retryable: true, cause });
	}
	if (response.ok) return answer;
	const { key, message, retryable, retryAfter, until } = (answer as Failure | null)?.error ?? {};
	throw new TschatError(key ?? 'internal', message ?? `${api} answered ${response.status}`, {
		retryable: retryable ?? response.status >= 500,
		retryAfter,
		until,
	});
};

/** Who signs in, and where. */
export interface Credentials {
	/** Base of the REST API, as in `https://chat.example/api`. */
	readonly api: string;
	readonly name: string;
	readonly password: string;
	/** What the user calls this program or machine; up to 64 characters. */
	readonly device?: string | undefined;
}

export interface SignedIn {
	readonly token: string;
	readonly user: UserV2;
}

const account = async (path: string, { api, ...body }: Credentials): Promise<SignedIn> =>
	(await callApi(api, path, { method: 'POST', body })) as SignedIn;

/**
 * Begins a session of a user who is registered. Rejects with `wrong-credentials`, `banned`, or `too-many-attempts` and the time to wait.
 *
 * ```ts
 * const chat = connect({ api, ...(await signIn({ api, name: 'demo', password: '111111' })) });
 * ```
 */
export const signIn = (credentials: Credentials): Promise<SignedIn> => account('/v2/sessions', credentials);

/**
 * Makes a user and a first session. Rejects with `name-taken`, with `too-many-attempts` and the time to wait, or with `bad-request` that says what is wrong with the name or the password.
 *
 * ```ts
 * const { token, user } = await register({ api, name: 'ann', password: 'correct horse' });
 * ```
 */
export const register = (credentials: Credentials): Promise<SignedIn> => account('/v2/users', credentials);

/**
 * The user of a name, compared without regard to case. Rejects with `user-unknown`.
 *
 * ```ts
 * const bob = await findUser({ api, token, name: 'bob' });
 * await chat.direct(bob.id).send('hello');
 * ```
 */
export const findUser = async (query: { api: string; token: string; name: string }): Promise<UserV2> =>
	(await callApi(query.api, `/v2/users?name=${encodeURIComponent(query.name)}`, { token: query.token })) as UserV2;

interface Endpoints {
	readonly items: readonly { readonly protocol: string; readonly url: string }[];
}

/** The WebSocket servers that are alive, best first. */
export const findServers = async (api: string, signal: AbortSignal): Promise<string[]> => {
	const { items } = (await callApi(api, '/v2/endpoints', { signal })) as Endpoints;
	return items.filter(({ protocol }) => protocol === 'ws').map(({ url }) => url);
};
