import { type ChatError, errorKinds } from '../../protocol/errors.ts';
import { NotBegun } from './failure.ts';

/** Texts and shapes of JSON-RPC 2.0 (https://www.jsonrpc.org/specification), without any I/O. */

/** What a request may be named by; fractions are discouraged but legal. */
export type RpcId = string | number | null;

/** Most requests in one batch; a longer one is refused as a whole. */
export const maxBatchItems = 1000;

/**
 * WebSocket subprotocol of a caller that matches answers by id and takes them in any frame, so that a slow call
 * does not hold back the answers to its neighbours in a batch. Without it a batch is answered by one array, as specified.
 */
export const looseSubprotocol = 'tschat-rpc-loose';

/** A request or notification, taken apart; `id` is undefined in a notification. */
export interface RpcRequest {
	readonly id: RpcId | undefined;
	readonly method: string;
	readonly params: unknown;
	/** A W3C `traceparent`, or what claims to be one; a member that the specification does not know. */
	readonly traceparent: string | undefined;
}

/** A request object that breaks the specification, with the id to answer to: null when there is no usable one. */
export interface InvalidRequest {
	readonly invalid: true;
	readonly id: RpcId;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is RpcId =>
	typeof value === 'string' || typeof value === 'number' || value === null;

export const readRequest = (value: unknown): RpcRequest | InvalidRequest => {
	if (!isObject(value)) return { invalid: true, id: null };
	const { jsonrpc, id, method, params, traceparent } = value;
	const structured = params === undefined || (typeof params === 'object' && params !== null);
	if (jsonrpc !== '2.0' || typeof method !== 'string' || !structured || (id !== undefined && !isId(id)))
		return { invalid: true, id: isId(id) ? id : null };
	return { id, method, params, traceparent: typeof traceparent === 'string' ? traceparent : undefined };
};

/** An answer to one of our own requests, which are named by numbers. */
export type RpcAnswer =
	| { readonly id: number; readonly result: unknown }
	| { readonly id: number; readonly error: RpcError };

export interface RpcError {
	readonly code: number;
	readonly message: string;
	/** See `ChatError`. */
	readonly retryAfterMs: number | undefined;
	readonly until: number | undefined;
	/** Whether the server did nothing of it: see `NotBegun`. */
	readonly notBegun: boolean;
}

const readData = (data: unknown): Pick<RpcError, 'retryAfterMs' | 'until' | 'notBegun'> => {
	const { retryAfterMs, until, notBegun }: Readonly<Record<string, unknown>> = isObject(data) ? data : {};
	const time = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined);
	return { retryAfterMs: time(retryAfterMs), until: time(until), notBegun: notBegun === true };
};

/** Undefined for what is not an answer to a numbered request. */
export const readAnswer = (value: unknown): RpcAnswer | undefined => {
	if (!isObject(value)) return undefined;
	const { jsonrpc, id, result, error } = value;
	if (jsonrpc !== '2.0' || typeof id !== 'number') return undefined;
	if (error === undefined) return 'result' in value ? { id, result } : undefined;
	if (!isObject(error)) return undefined;
	const { code, message, data } = error;
	if (typeof code !== 'number' || typeof message !== 'string') return undefined;
	return { id, error: { code, message, ...readData(data) } };
};

/** `params` is JSON already: a call that is tried again is not encoded again. */
export const requestText = (id: number, method: string, params: string, traceparent?: string): string => {
	const traced = traceparent === undefined ? '' : `,"traceparent":"${traceparent}"`;
	return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}${traced}}`;
};

export const resultText = (id: RpcId, result: unknown): string =>
	`{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"result":${JSON.stringify(result)}}`;

export const errorText = (id: RpcId, error: ChatError): string => {
	const { rpcCode: code, retryable } = errorKinds[error.key];
	return JSON.stringify({
		jsonrpc: '2.0',
		id,
		// Times are left out of the text where they are undefined.
		error: {
			code,
			message: error.message,
			data: {
				key: error.key,
				retryable,
				retryAfterMs: error.retryAfterMs,
				until: error.until,
				...(error instanceof NotBegun && { notBegun: true }),
			},
		},
	});
};

/** What is answered to a frame that is not JSON: the one standard code that no `ChatError` has. */
export const parseErrorText = JSON.stringify({
	jsonrpc: '2.0',
	id: null,
	error: { code: -32700, message: 'Parse error', data: { key: 'malformed-rpc', retryable: false } },
});

/** Whether a text is longer than `maxBytes` in UTF-8; counts only when the length leaves it open. */
export const exceeds = (text: string, maxBytes: number): boolean =>
	text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);

/** Most characters that are put together into one batch, so that big ones do not hold up each other. */
const maxBatchChars = 128 * 1024;

/** Packs texts, in order, into as few frames as the limits allow: one alone as it is, several as a batch. */
export function* framesOf(texts: readonly string[], maxBytes: number): Generator<string> {
	// A UTF-16 unit takes at most three bytes of UTF-8.
	const limit = Math.min(maxBatchChars, Math.floor(maxBytes / 3)) - 2;
	let batch: string[] = [];
	let chars = 0;
	const frame = () => (batch.length === 1 ? (batch[0] ?? '') : `[${batch.join(',')}]`);
	for (const text of texts) {
		if (batch.length > 0 && (chars + text.length > limit || batch.length === maxBatchItems)) {
			yield frame();
			batch = [];
			chars = 0;
		}
		batch.push(text);
		chars += text.length + 1;
	}
	if (batch.length > 0) yield frame();
}
