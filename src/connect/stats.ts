import type { ResultOf } from '../protocol/rpc.ts';
import { type ConnectSample, keptSamples, sampleIntervalMs } from '../protocol/rpc-status.ts';
import { type Sampler, startSampler } from '../runtime/sampler.ts';

/** How much a connect server carries now; asked at each sample. */
interface Counts {
	connections(): number;
	/** Rooms that have readers here. */
	rooms(): number;
	/** Messages written to readers since the start, each reader counted. */
	delivered(): number;
}

/** How much a connect server carries, and has carried in the last minutes. */
export class Stats {
	readonly #counts: Counts;
	#delivered = 0;
	#sampler: Sampler<ConnectSample> | undefined;

	constructor(counts: Counts) {
		this.#counts = counts;
	}

	/** `intervalMs` is the time between two samples. */
	start(intervalMs: number = sampleIntervalMs): void {
		this.#sampler = startSampler({ intervalMs, keep: keptSamples, take: (at) => this.#take(at) });
	}

	stop(): void {
		this.#sampler?.stop();
	}

	now(): ResultOf<'connect.stats'> {
		return {
			connections: this.#counts.connections(),
			rooms: this.#counts.rooms(),
			samples: this.#sampler?.samples() ?? [],
		};
	}

	#take(at: number): ConnectSample {
		const before = this.#delivered;
		this.#delivered = this.#counts.delivered();
		return {
			at,
			connections: this.#counts.connections(),
			rooms: this.#counts.rooms(),
			delivered: this.#delivered - before,
		};
	}
}
