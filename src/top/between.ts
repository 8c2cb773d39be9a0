import type { Labels } from './exposition.ts';
import type { Scrape } from './scrape.ts';

/** What happened in a process between two looks at it. A process that started anew meanwhile is seen as from its start. */
export interface Between {
	/** Counted a second; undefined if it is not counted there. */
	rate(name: string, labels?: Labels): number | undefined;
	/** How many observations of a histogram fell up to each bound, the bounds ascending, the last one infinite. */
	histogram(name: string, labels?: Labels): Histogram;
}

export type Histogram = ReadonlyMap<number, number>;

const grown = (now: number, before: number): number => (now >= before ? now - before : now);

export const between = (earlier: Scrape, later: Scrape): Between => {
	const seconds = Math.max(0.001, (later.at - earlier.at) / 1000);
	return {
		rate: (name, labels) => {
			const now = later.sum(name, labels);
			return now === undefined ? undefined : grown(now, earlier.sum(name, labels) ?? 0) / seconds;
		},
		histogram: (name, labels = {}) => {
			const bounds = new Map<number, number>();
			const texts = new Set(later.samples(`${name}_bucket`, labels).map(({ labels: { le = '' } }) => le));
			for (const le of texts) {
				const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
				const sum = (scrape: Scrape) => scrape.sum(`${name}_bucket`, { ...labels, le }) ?? 0;
				bounds.set(bound, grown(sum(later), sum(earlier)));
			}
			return new Map([...bounds].sort(([one], [other]) => one - other));
		},
	};
};

/** Adds histograms of the same bounds. */
export const added = (histograms: Iterable<Histogram>): Histogram => {
	const sums = new Map<number, number>();
	for (const histogram of histograms) {
		for (const [bound, count] of histogram) sums.set(bound, (sums.get(bound) ?? 0) + count);
	}
	return sums;
};

/**
 * The value that a share of the observations does not exceed, as Prometheus' `histogram_quantile` estimates it: evenly spread
 * within a bucket; the highest finite bound when it is beyond. Undefined when nothing was observed.
 */
export const quantile = (histogram: Histogram, share: number): number | undefined => {
	const total = Math.max(0, ...histogram.values());
	if (total === 0) return undefined;
	let lower = 0;
	let below = 0;
	for (const [bound, count] of histogram) {
		if (count >= share * total && count > below) {
			return bound === Number.POSITIVE_INFINITY
				? lower
				: lower + ((bound - lower) * (share * total - below)) / (count - below);
		}
		lower = bound;
		below = count;
	}
	return lower;
};
