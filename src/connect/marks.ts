import type { RpcClient } from '../ports/rpc.ts';
import type { ConversationKey } from '../protocol/logs.ts';
import type { Mark } from '../protocol/rpc-values.ts';
import type { Logger } from '../runtime/logger.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly intervalMs: number;
	readonly logger: Logger;
}

const marksPerCall = 1000;
/** About 200 bytes each; what comes beyond is dropped, and the client tells it again when it comes back. */
const maxWaiting = 50_000;
const retryMs = 500;

const furthest = (one: number | undefined, other: number | undefined): number | undefined =>
	one === undefined ? other : Math.max(one, other ?? 0);

/** How far users have got, on its way to logic: of each user and conversation the furthest, a few calls a second. */
export class Marks {
	readonly #options: Options;
	#waiting = new Map<string, Mark>();
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(options: Options) {
		this.#options = options;
	}

	delivered(userId: number, conv: ConversationKey, seq: number): void {
		this.#add({ userId, conv, delivered: seq });
	}

	/** `quiet`: only the user's own devices are to be told. */
	read(userId: number, conv: ConversationKey, seq: number, quiet: boolean): void {
		this.#add({ userId, conv, read: seq, quiet });
	}

	/** Sends what waits, once. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		await this.#flush();
	}

	#add(mark: Mark): void {
		const key = `${mark.userId} ${mark.conv}`;
		const known = this.#waiting.get(key);
		if (known === undefined && this.#waiting.size >= maxWaiting) return;
		const delivered = furthest(mark.delivered, known?.delivered);
		const read = furthest(mark.read, known?.read);
		const { userId, conv } = mark;
		const quiet = mark.quiet ?? known?.quiet;
		this.#waiting.set(key, {
			userId,
			conv,
			...(quiet && { quiet }),
			...(delivered !== undefined && { delivered }),
			...(read !== undefined && { read }),
		});
		this.#plan(this.#options.intervalMs);
	}

	#plan(ms: number): void {
		if (this.#stopped || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => {
			void this.#flush().finally(() => {
				this.#timer = undefined;
				if (this.#waiting.size > 0) this.#plan(this.#options.intervalMs);
			});
		}, ms);
	}

	async #flush(): Promise<void> {
		const marks = [...this.#waiting.values()];
		this.#waiting = new Map();
		for (let start = 0; start < marks.length; start += marksPerCall) {
			try {
				await this.#options.rpc.call('logic.mark', { marks: marks.slice(start, start + marksPerCall) });
			} catch (error) {
				this.#options.logger.debug({ err: error }, 'marks not stored yet');
				if (this.#stopped) return;
				for (const mark of marks.slice(start)) this.#add(mark);
				await new Promise((resolve) => setTimeout(resolve, retryMs));
				return;
			}
		}
	}
}
