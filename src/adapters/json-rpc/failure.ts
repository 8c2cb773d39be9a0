import { ChatError, toChatError } from '../../protocol/errors.ts';

/**
 * How a try of a call failed on its way; what the server answered is a `ChatError` instead.
 * - `unsent`: the server surely never saw it;
 * - `lost`: sent, and the connection ended before the answer came;
 * - `timeout`: sent or waiting to be sent, and the try's time is over.
 */
export class TransportFailure extends Error {
	readonly kind: 'unsent' | 'lost' | 'timeout';
	/** What the caller is told if nothing else can be tried. */
	readonly told: ChatError;

	constructor(kind: TransportFailure['kind'], told: ChatError) {
		super(told.message);
		this.name = 'TransportFailure';
		this.kind = kind;
		this.told = told;
	}
}

/** A server that is stopping refuses a call of which it has done nothing. */
export class NotBegun extends ChatError {
	constructor() {
		super('unavailable', 'this server is stopping');
	}
}

export type Failure = ChatError | TransportFailure;

export const asFailure = (error: unknown): Failure => (error instanceof TransportFailure ? error : toChatError(error));

/** What the caller is told of a failure that is the last. */
export const told = (failure: Failure | undefined): ChatError | undefined =>
	failure instanceof TransportFailure ? failure.told : failure;

/** Whether another instance may be asked: a call that is not idempotent only if no server has begun with it. */
export const mayRetry = (failure: Failure, idempotent: boolean): boolean =>
	failure instanceof TransportFailure
		? idempotent || failure.kind === 'unsent'
		: failure instanceof NotBegun || (idempotent && (failure.key === 'unavailable' || failure.key === 'overloaded'));
