import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBatch, QueueConsumer } from '../../ports/message-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { RedisLink } from './link.ts';
import { QueueIncarnation, takeOver } from './queue-incarnation.ts';
import type { QueueKeys } from './queue-keys.ts';

/** How often a consumer shows that it lives, and looks for others that don't. */
const TEND_INTERVAL_MS = 1000;
const MIN_BACK_OFF_MS = 50;
const MAX_BACK_OFF_MS = 500;

export interface RedisConsumerOptions {
	readonly link: RedisLink;
	readonly keys: QueueKeys;
	readonly consumerId: string;
	readonly batchSize: number;
	readonly logger?: Logger | undefined;
}

/** Takes through one incarnation after the other, with a back-off between those that fail. */
export class RedisConsumer implements QueueConsumer {
	readonly #options: RedisConsumerOptions;
	readonly #tending: NodeJS.Timeout;
	readonly #closing = new AbortController();
	#waiting: ((batch: QueueBatch | undefined) => void)[] = [];
	#serving: Promise<void> | undefined;
	#incarnation: QueueIncarnation | undefined;

	constructor(options: RedisConsumerOptions) {
		this.#options = options;
		this.#tending = setInterval(() => this.#tend(), TEND_INTERVAL_MS);
	}

	take(): Promise<QueueBatch | undefined> {
		if (this.#closing.signal.aborted) return Promise.resolve(undefined);
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
			this.#serving ??= this.#serve();
		});
	}

	async close(): Promise<void> {
		this.#closing.abort();
		clearInterval(this.#tending);
		for (const resolve of this.#waiting) resolve(undefined);
		this.#waiting = [];
		await this.#incarnation?.unblock();
		await this.#serving;
		await this.#incarnation?.leave();
	}

	async #serve(): Promise<void> {
		let failures = 0;
		while (this.#waiting.length > 0) {
			try {
				const incarnation = await this.#liveIncarnation();
				if (this.#waiting.length === 0) break;
				const batch = await incarnation.take(this.#options.batchSize);
				// Nobody waits any more when it was closed meanwhile: then the batch is given back with the rest.
				if (batch !== undefined) this.#waiting.shift()?.(batch);
				failures = 0;
			} catch (error) {
				this.#incarnation?.lose();
				if (failures === 0) this.#options.logger?.warn({ reason: String(error) }, 'queue consumer starts anew');
				await this.#backOff(failures);
				failures += 1;
			}
		}
		this.#serving = undefined;
	}

	async #liveIncarnation(): Promise<QueueIncarnation> {
		if (this.#incarnation === undefined || this.#incarnation.lost) {
			const { link, keys, consumerId } = this.#options;
			this.#incarnation = await QueueIncarnation.start(link, keys, consumerId);
		}
		return this.#incarnation;
	}

	async #backOff(failures: number): Promise<void> {
		const delay = Math.min(MIN_BACK_OFF_MS * 2 ** failures, MAX_BACK_OFF_MS);
		await sleep(delay, undefined, { signal: this.#closing.signal }).catch(() => {});
	}

	#tend(): void {
		if (this.#incarnation?.lost === false) void this.#incarnation.renewLease();
		// Fails while the server is away; the next time will do.
		takeOver(this.#options.link.commands, this.#options.keys).catch(() => {});
	}
}
