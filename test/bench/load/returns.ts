import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { Reader } from './reader.ts';

/** How connections fared that had been let in, since the last reset. */
export interface Standing {
	/** Connections that ended; one that ends twice counts twice. */
	readonly lost: number;
	/** Why the first one ended. */
	readonly why: string | undefined;
	/** Of those, how many are not back. */
	readonly away: number;
	/** In µs of the clock; the first is infinite where none was lost. */
	readonly firstLostAt: number;
	readonly lastBackAt: number;
	/** How long they were away, in µs. */
	readonly times: Float64Array;
}

/** Clients that lose a server all at once do not come back all at once. */
const spreadMs = 200;
const againMs = 250;

/** Brings clients back that lost their server: first within 200 ms, then again and again, to each of the servers in turn. */
export class Returns {
	#lost = 0;
	#why: string | undefined;
	#firstLostAt = Number.POSITIVE_INFINITY;
	#lastBackAt = 0;
	#turn = 0;
	readonly #lostAt = new Map<Reader, number>();
	readonly #times = new Histogram();

	lost(reader: Reader, why: string, servers: readonly string[]): void {
		const at = now();
		const away = this.#lostAt.has(reader);
		if (!away) {
			this.#lost += 1;
			this.#why ??= why;
			this.#firstLostAt = Math.min(this.#firstLostAt, at);
			this.#lostAt.set(reader, at);
		}
		this.#turn += 1;
		const server = servers[this.#turn % servers.length];
		if (server === undefined) return;
		setTimeout(() => reader.open(server), (away ? againMs : 0) + Math.random() * spreadMs);
	}

	back(reader: Reader): void {
		const since = this.#lostAt.get(reader);
		if (since === undefined) return;
		this.#lostAt.delete(reader);
		this.#lastBackAt = now();
		this.#times.add(this.#lastBackAt - since);
	}

	reset(): void {
		this.#lost = this.#lostAt.size;
		this.#why = undefined;
		this.#firstLostAt = Number.POSITIVE_INFINITY;
		this.#lastBackAt = 0;
		this.#times.clear();
	}

	get standing(): Standing {
		return {
			lost: this.#lost,
			why: this.#why,
			away: this.#lostAt.size,
			firstLostAt: this.#firstLostAt,
			lastBackAt: this.#lastBackAt,
			times: this.#times.counts,
		};
	}
}
