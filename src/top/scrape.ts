import { type Labels, parseExposition, type Sample } from './exposition.ts';

/** A process that takes longer has something else to do, and is shown as one that does not answer. */
const answerMs = 2000;

/** What a process showed at a moment. */
export class Scrape {
	/** When it was asked, by `performance.now()`. */
	readonly at: number;
	readonly #byName = new Map<string, Sample[]>();

	constructor(text: string, at: number) {
		this.at = at;
		for (const sample of parseExposition(text)) {
			const same = this.#byName.get(sample.name);
			if (same === undefined) this.#byName.set(sample.name, [sample]);
			else same.push(sample);
		}
	}

	/** All samples of a name that carry these labels, besides others. */
	samples(name: string, labels: Labels = {}): Sample[] {
		const wanted = Object.entries(labels);
		const all = this.#byName.get(name) ?? [];
		return all.filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value));
	}

	/** Their sum; undefined if there is none. */
	sum(name: string, labels: Labels = {}): number | undefined {
		const samples = this.samples(name, labels);
		return samples.length === 0 ? undefined : samples.reduce((sum, { value }) => sum + value, 0);
	}
}

/** Asks a process; undefined if it does not answer with metrics in time. */
export const scrape = async (admin: string): Promise<Scrape | undefined> => {
	const at = performance.now();
	try {
		const response = await fetch(`${admin}/metrics`, { signal: AbortSignal.timeout(answerMs) });
		return response.ok ? new Scrape(await response.text(), at) : undefined;
	} catch {
		return undefined;
	}
};
