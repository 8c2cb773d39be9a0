import { backoffDelay } from '../../../src/client/backoff.ts';
import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { Reader } from './reader.ts';

/** How connections fared that had been let in, since the last reset. */
export interface Standing {
	/** Connections that ended; one that ends twice counts twice. */
	readonly lost: number;
	/** Why the first one ended. */
	readonly why: string | undefined;
	/** Of those that were to come back, how many have not. */
	readonly away: number;
	/** In µs of the clock; the first is infinite where none was lost. */
	readonly firstLostAt: number;
	readonly lastBackAt: number;
	/** How long they were away, in µs. */
	readonly times: Float64Array;
	/** Attempts to come back that failed, and why the first one did. */
	readonly failures: number;
	readonly problem: string | undefined;
}

interface Away {
	readonly since: number;
	failures: number;
}

/** Brings clients back that lost their server, after waits as the SDK's, to each of the servers in turn. */
export class Returns {
	#lost = 0;
	#why: string | undefined;
	#firstLostAt = Number.POSITIVE_INFINITY;
	#lastBackAt = 0;
	#turn = 0;
	#failures = 0;
	#problem: string | undefined;
	readonly #away = new Map<Reader, Away>();
	readonly #times = new Histogram();

	/** One that had been let in has ended, or an attempt of one that is away has failed. */
	lost(reader: Reader, why: string, servers: readonly string[]): void {
		const away = this.#away.get(reader) ?? { since: now(), failures: 0 };
		if (away.failures === 0) {
			this.#lost += 1;
			this.#why ??= why;
			this.#firstLostAt = Math.min(this.#firstLostAt, away.since);
		} else {
			this.#failures += 1;
			this.#problem ??= why;
		}
		away.failures += 1;
		this.#turn += 1;
		const server = servers[this.#turn % servers.length];
		if (server === undefined) return;
		this.#away.set(reader, away);
		setTimeout(() => reader.open(server), backoffDelay(away.failures));
	}

	back(reader: Reader): void {
		const away = this.#away.get(reader);
		if (away === undefined) return;
		this.#away.delete(reader);
		this.#lastBackAt = now();
		this.#times.add(this.#lastBackAt - away.since);
	}

	reset(): void {
		this.#lost = this.#away.size;
		this.#failures = 0;
		this.#problem = undefined;
		this.#why = undefined;
		this.#firstLostAt = Number.POSITIVE_INFINITY;
		this.#lastBackAt = 0;
		this.#times.clear();
	}

	get standing(): Standing {
		return {
			lost: this.#lost,
			why: this.#why,
			away: this.#away.size,
			firstLostAt: this.#firstLostAt,
			lastBackAt: this.#lastBackAt,
			times: this.#times.counts,
			failures: this.#failures,
			problem: this.#problem,
		};
	}
}
