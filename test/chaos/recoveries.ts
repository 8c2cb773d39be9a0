import type { Measure } from './faults/ground.ts';
import type { Probe } from './probe.ts';
import type { Fault } from './schedule.ts';

/** How much longer than allowed is waited, to tell by how much. */
const moreMs = 15_000;

const inSeconds = (ms: number): string => (ms / 1000).toFixed(1);

/** How long live delivery took to be whole again after each fault. */
export class Recoveries {
	worstMs = 0;
	readonly #probe: Probe;
	readonly #problems: string[];

	/** What took too long is added to `problems`. */
	constructor(probe: Probe, problems: string[]) {
		this.#probe = probe;
		this.#problems = problems;
	}

	/** The measurements of one fault; `all` resolves with a line for each. */
	of({ kind }: Fault) {
		const measurements: Promise<string>[] = [];
		const measure: Measure = (what, limitMs, { without, during = Promise.resolve() } = {}) => {
			const since = performance.now();
			let through = Number.POSITIVE_INFINITY;
			void during.then(() => {
				through = performance.now();
			});
			const query = { since, through: () => through, timeoutMs: limitMs + moreMs, without };
			measurements.push(
				this.#probe.recovery(query).then(
					(tookMs) => {
						this.worstMs = Math.max(this.worstMs, tookMs);
						const line = `${inSeconds(tookMs)} s ${what}`;
						if (tookMs <= limitMs) return line;
						const late = this.#probe.lateSince(since);
						this.#problems.push(`${kind}: live delivery took ${line}; allowed ${inSeconds(limitMs)} s; ${late}`);
						return line;
					},
					(error: Error) => {
						this.worstMs = Math.max(this.worstMs, limitMs + moreMs);
						this.#problems.push(`${kind}: ${what}: ${error.message}; ${this.#probe.lateSince(since)}`);
						return `never ${what}`;
					},
				),
			);
		};
		return { measure, all: () => Promise.all(measurements) };
	}
}
