import type { RawData, WebSocket } from 'ws';
import { ChatError, toChatError } from '../../protocol/errors.ts';
import type { RpcService } from '../../protocol/rpc.ts';
import type { Logger } from '../../runtime/logger.ts';
import { inSpanOf } from '../../runtime/tracing/spans.ts';
import type { Dispatcher } from './dispatcher.ts';
import { methodNamed } from './methods.ts';
import {
	errorText,
	exceeds,
	framesOf,
	maxBatchItems,
	parseErrorText,
	type RpcId,
	readRequest,
	resultText,
} from './wire.ts';

export interface SessionOptions {
	/** Whether answers may come in any frame; see `looseSubprotocol`. */
	readonly loose: boolean;
	/** Who answers a service's calls on this connection. */
	readonly dispatcherOf: (service: RpcService) => Dispatcher | undefined;
	readonly maxMessageBytes: number;
	readonly logger: Logger | undefined;
}

/** Answers what one caller process asks over one connection. */
export class ServerSession {
	readonly #socket: WebSocket;
	readonly #options: SessionOptions;
	/** Answers that go out together at the end of this turn of the event loop. */
	#answers: string[] = [];

	constructor(socket: WebSocket, options: SessionOptions) {
		this.#socket = socket;
		this.#options = options;
		socket.on('message', (data) => this.#receive(data));
	}

	#receive(data: RawData): void {
		let message: unknown;
		try {
			message = JSON.parse(data.toString());
		} catch {
			this.#send(parseErrorText);
			return;
		}
		if (!Array.isArray(message)) this.#answer(message, (text) => this.#send(text));
		else if (message.length === 0 || message.length > maxBatchItems)
			this.#send(errorText(null, new ChatError('malformed-rpc')));
		else if (this.#options.loose) for (const item of message) this.#answer(item, (text) => this.#send(text));
		else this.#answerTogether(message);
	}

	/** One array for the whole batch, when its last call has ended; nothing if it held notifications only. */
	#answerTogether(batch: readonly unknown[]): void {
		const texts: string[] = [];
		let open = batch.length;
		for (const item of batch)
			this.#answer(item, (text) => {
				if (text !== undefined) texts.push(text);
				open -= 1;
				if (open === 0 && texts.length > 0) this.#write(`[${texts.join(',')}]`);
			});
	}

	/** Handles one item and gives its answer to `reply`, once; undefined for a notification. */
	#answer(item: unknown, reply: (text: string | undefined) => void): void {
		const request = readRequest(item);
		if ('invalid' in request) {
			reply(errorText(request.id, new ChatError('malformed-rpc')));
			return;
		}
		const { id } = request;
		inSpanOf(request.traceparent, request.method, () => this.#dispatch(request.method, request.params)).then(
			(result) => reply(id === undefined ? undefined : this.#resultText(id, result)),
			(error: unknown) => reply(id === undefined ? undefined : errorText(id, toChatError(error))),
		);
	}

	async #dispatch(name: string, params: unknown): Promise<unknown> {
		const method = methodNamed(name);
		const dispatcher = method && this.#options.dispatcherOf(method.service);
		if (method === undefined || dispatcher === undefined) throw new ChatError('unknown-method');
		return dispatcher.dispatch(method, params);
	}

	#resultText(id: RpcId, result: unknown): string {
		const text = resultText(id, result);
		if (!exceeds(text, this.#options.maxMessageBytes)) return text;
		this.#options.logger?.error({ length: text.length }, 'rpc result exceeds rpc.max_message_bytes');
		return errorText(id, new ChatError('internal'));
	}

	#send(text: string | undefined): void {
		if (text === undefined) return;
		if (this.#answers.length === 0) setImmediate(() => this.flush());
		this.#answers.push(text);
	}

	/** Writes the answers that are ready. */
	flush(): void {
		const texts = this.#answers;
		this.#answers = [];
		for (const frame of framesOf(texts, this.#options.maxMessageBytes)) this.#write(frame);
	}

	#write(frame: string): void {
		// A caller that asks but does not read would fill this process's memory.
		if (this.#socket.bufferedAmount > 8 * this.#options.maxMessageBytes) this.#socket.terminate();
		else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
	}
}
