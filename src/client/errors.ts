interface Details {
	readonly retryable?: boolean;
	/** Milliseconds. */
	readonly retryAfter?: number | undefined;
	readonly until?: string | undefined;
	readonly cause?: unknown;
}

/**
 * A request that was refused, or a client that has stopped. `code` is a key of the server's error registry
 * (docs/errors.md), or one of the client's own:
 *
 * - `closed`: the client was closed by its owner
 * - `stopped`: the server said not to come back
 * - `unreachable`: no server answered
 * - `queue-full`: too many messages wait to be sent
 * - `too-large`: a message that no frame can carry
 * - `wrong-user`: the store holds the state of another user
 * - `not-ready`: who the user is is not known yet
 */
export class TschatError extends Error {
	readonly code: string;
	/** Whether the same request may succeed when it is made again. */
	readonly retryable: boolean;
	/** Milliseconds to wait before that, when the server told. */
	readonly retryAfter: number | undefined;
	/** When a ban or a mute is over, RFC 3339 in UTC; undefined when it has no end. */
	readonly until: string | undefined;

	constructor(code: string, message: string, { retryable = false, retryAfter, until, cause }: Details = {}) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = 'TschatError';
		this.code = code;
		this.retryable = retryable;
		this.retryAfter = retryAfter;
		this.until = until;
	}
}

/** Any thrown value as an error of the client. */
export const toTschatError = (error: unknown, code: string): TschatError =>
	error instanceof TschatError
		? error
		: new TschatError(code, error instanceof Error ? error.message : String(error), { cause: error });
