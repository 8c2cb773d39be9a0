import type { RpcClient } from '../ports/rpc.ts';
import type { Message } from '../protocol/message.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Counts } from './counts.ts';
import type { Feed } from './feed.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly logger: Logger;
	readonly feeds: { all(): Iterable<Feed>; get(key: string): Feed | undefined };
	/** Puts a fetched message through the feed's edge. */
	readonly accept: (feed: Feed, position: number, message: Message) => void;
	/** How long a gap may close by itself. */
	readonly holdMs: number;
	/** How often every feed is compared with its head. */
	readonly headsIntervalMs: number;
	readonly counts: Pick<Counts, 'gap' | 'repaired'>;
}

interface Gap {
	/** The position that must be reached. */
	target: number;
	/** When it is fetched, by `performance.now()`. */
	dueAt: number;
}

const pageSize = 500;
const keysPerCall = 500;
/** Fetches under way at once: after an outage thousands of feeds may be behind, and logic must not notice. */
const maxFetches = 8;
const retryMs = 500;

/**
 * Makes feeds whole again from the log: fetches what a gap lacks, and compares heads now and then, so that even a lost
 * last message is found. This is why no hop between logic and here has to be reliable.
 */
export class Repairer {
	readonly #options: Options;
	readonly #gaps = new Map<Feed, Gap>();
	readonly #fetching = new Set<Feed>();
	#gapTimer: NodeJS.Timeout | undefined;
	#headsTimer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(options: Options) {
		this.#options = options;
	}

	start(): void {
		this.#planHeads();
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#gapTimer);
		clearTimeout(this.#headsTimer);
		this.#gaps.clear();
	}

	/** The feed lacks messages up to `target`; they are fetched unless they come by themselves within `holdMs`. */
	behind(feed: Feed, target: number): void {
		this.#lacks(feed, target, 'order', this.#options.holdMs);
	}

	#lacks(feed: Feed, target: number, foundBy: 'order' | 'heads', holdMs: number): void {
		const known = this.#gaps.get(feed);
		if (known !== undefined) {
			known.target = Math.max(known.target, target);
			return;
		}
		this.#options.counts.gap[foundBy]();
		this.#gaps.set(feed, { target, dueAt: performance.now() + holdMs });
		this.#planGaps();
	}

	/** Compares feeds with their heads. Failures are left to the next round. */
	async compare(feeds: readonly Feed[], holdMs = this.#options.holdMs): Promise<void> {
		for (let start = 0; start < feeds.length && !this.#stopped; start += keysPerCall) {
			const chunk = feeds.slice(start, start + keysPerCall);
			const before = chunk.map((feed) => feed.edge.position);
			const { heads } = await this.#options.rpc.call('logic.heads', { keys: chunk.map((feed) => feed.key) });
			for (const [index, feed] of chunk.entries()) {
				const head = heads[index] ?? 0;
				if (head > feed.edge.position) this.#lacks(feed, head, 'heads', holdMs);
				else if (head < (before[index] ?? 0)) this.#startAgain(feed, head);
			}
		}
	}

	/** The log is shorter than what was delivered from it: the store was replaced, and its messages must not pass for repeats. */
	#startAgain(feed: Feed, head: number): void {
		this.#options.logger.warn({ feed: feed.key, position: feed.edge.position, head }, 'log was replaced');
		feed.startAgain(head);
	}

	#planHeads(): void {
		if (this.#stopped) return;
		this.#headsTimer = setTimeout(() => {
			// A head that is only just ahead is a message on its way: give it longer than a gap, which knows that it is late.
			this.compare([...this.#options.feeds.all()], this.#options.holdMs * 4)
				.catch((error: unknown) => this.#options.logger.debug({ err: error }, 'heads not compared'))
				.finally(() => this.#planHeads());
		}, this.#options.headsIntervalMs);
	}

	#planGaps(): void {
		if (this.#gapTimer !== undefined || this.#stopped || this.#gaps.size === 0) return;
		this.#gapTimer = setTimeout(() => {
			this.#gapTimer = undefined;
			this.#fetchDue();
			this.#planGaps();
		}, this.#options.holdMs / 2);
	}

	#fetchDue(): void {
		const now = performance.now();
		for (const [feed, gap] of this.#gaps) {
			if (feed.edge.position >= gap.target || this.#options.feeds.get(feed.key) !== feed) this.#gaps.delete(feed);
			else if (gap.dueAt <= now && this.#fetching.size < maxFetches && !this.#fetching.has(feed)) {
				void this.#fetch(feed, gap);
			}
		}
	}

	async #fetch(feed: Feed, gap: Gap): Promise<void> {
		this.#fetching.add(feed);
		const { rpc, logger, accept, counts } = this.#options;
		try {
			while (feed.edge.position < gap.target && !this.#stopped) {
				const after = feed.edge.position;
				const { entries } = await rpc.call('logic.read', { key: feed.key, after, limit: pageSize });
				for (const entry of entries) {
					// What came by itself needed no repair.
					if (entry.pos > feed.edge.position) counts.repaired();
					accept(feed, entry.pos, entry.message);
				}
				logger.debug({ feed: feed.key, after, fetched: entries.length }, 'gap repaired');
				if (entries.length === 0) {
					logger.error({ feed: feed.key, after, target: gap.target }, 'the log lacks what a gap needs');
					break;
				}
			}
			this.#gaps.delete(feed);
		} catch (error) {
			gap.dueAt = performance.now() + retryMs;
			logger.debug({ err: error, feed: feed.key }, 'gap not repaired yet');
		} finally {
			this.#fetching.delete(feed);
		}
	}
}
