/** One row of the registry: what an error means on every border. */
interface ErrorKind {
	readonly message: string;
	/** JSON-RPC 2.0 code: -32768 to -32000 are the standard's, the rest are ours. */
	readonly rpcCode: number;
	/** HTTP status on the v2 routes; gochat's v1 routes answer 200 and put the failure in `code`. */
	readonly httpStatus: number;
	/** Whether the same request may succeed when it is tried again. */
	readonly retryable: boolean;
}

/** Every error that crosses a border. `docs/errors.md` lists each of them; a test holds the two together. */
export const errorKinds = {
	'bad-request': { message: 'the request is not valid', rpcCode: -32602, httpStatus: 400, retryable: false },
	'malformed-rpc': { message: 'not a JSON-RPC 2.0 request', rpcCode: -32600, httpStatus: 400, retryable: false },
	'unknown-method': { message: 'no such method', rpcCode: -32601, httpStatus: 404, retryable: false },
	internal: { message: 'internal error', rpcCode: -32603, httpStatus: 500, retryable: true },
	unauthorized: {
		message: 'not signed in, or the session has ended',
		rpcCode: 1001,
		httpStatus: 401,
		retryable: false,
	},
	forbidden: { message: 'not allowed', rpcCode: 1011, httpStatus: 403, retryable: false },
	banned: { message: 'an administrator has banned this user', rpcCode: 1013, httpStatus: 403, retryable: false },
	muted: { message: 'an administrator has muted you', rpcCode: 1014, httpStatus: 403, retryable: false },
	'wrong-credentials': {
		message: 'the name or the password is wrong',
		rpcCode: 1002,
		httpStatus: 401,
		retryable: false,
	},
	'name-taken': { message: 'this user name is already taken', rpcCode: 1003, httpStatus: 409, retryable: false },
	'user-unknown': { message: 'no such user', rpcCode: 1004, httpStatus: 404, retryable: false },
	'not-found': { message: 'not found', rpcCode: 1005, httpStatus: 404, retryable: false },
	'ref-taken': {
		message: 'this ref names another message of yours',
		rpcCode: 1010,
		httpStatus: 409,
		retryable: false,
	},
	'too-many-attempts': {
		message: 'too many attempts, try again later',
		rpcCode: 1020,
		httpStatus: 429,
		retryable: true,
	},
	'too-many-requests': {
		message: 'too many requests, try again later',
		rpcCode: 1021,
		httpStatus: 429,
		retryable: true,
	},
	'limit-reached': { message: 'a limit is reached', rpcCode: 1009, httpStatus: 409, retryable: false },
	unavailable: {
		message: 'a part of the service does not answer, try again',
		rpcCode: 1006,
		httpStatus: 503,
		retryable: true,
	},
	timeout: { message: 'the answer did not come in time', rpcCode: 1007, httpStatus: 504, retryable: true },
	overloaded: { message: 'too much work under way, try again', rpcCode: 1008, httpStatus: 503, retryable: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorKey = keyof typeof errorKinds;

interface Details {
	readonly cause?: unknown;
	/** After how many milliseconds the same request may succeed, where that is known. */
	readonly retryAfterMs?: number | undefined;
	/** When what it tells of is over, in ms since 1970. */
	readonly until?: number | undefined;
}

/**
 * An error that may be told to a caller. Its message is the registry's, or a `reason` that is safe to show:
 * never a stack, a query or a path. Those go into `cause`, which stays in this process.
 */
export class ChatError extends Error {
	readonly key: ErrorKey;
	readonly retryAfterMs: number | undefined;
	/** When what it tells of is over, in ms since 1970; undefined when it has no end. */
	readonly until: number | undefined;

	constructor(key: ErrorKey, reason?: string, { retryAfterMs, until, ...options }: Details = {}) {
		super(reason ?? errorKinds[key].message, options);
		this.name = 'ChatError';
		this.key = key;
		this.retryAfterMs = retryAfterMs;
		this.until = until;
	}

	get retryable(): boolean {
		return errorKinds[this.key].retryable;
	}
}

const keysByRpcCode = new Map<number, ErrorKey>(
	Object.entries(errorKinds).map(([key, kind]) => [kind.rpcCode, key as ErrorKey]),
);

/** The error of a JSON-RPC error object that another process answered with. */
export const errorFromRpc = ({
	code,
	message,
	retryAfterMs,
	until,
}: { code: number; message: string } & Omit<Details, 'cause'>) =>
	new ChatError(keysByRpcCode.get(code) ?? 'internal', message, { retryAfterMs, until });

/** A limit that is met for `waitMs` more; the message tells it too, since gochat's clients are shown nothing else. */
export const tooMany = (key: 'too-many-attempts' | 'too-many-requests', waitMs: number): ChatError => {
	const what = key === 'too-many-attempts' ? 'attempts' : 'requests';
	return new ChatError(key, `too many ${what}, try again in ${Math.ceil(waitMs / 1000)} s`, { retryAfterMs: waitMs });
};

/** What may be shown of any thrown value: a `ChatError` as it is, everything else as `internal` with the cause kept. */
export const toChatError = (thrown: unknown): ChatError =>
	thrown instanceof ChatError ? thrown : new ChatError('internal', undefined, { cause: thrown });
