import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds. */
export interface Holding {
	readonly rssMb: number;
	/** Open files, sockets and the like. */
	readonly handles: number;
}

export const holdingOf = (pid: number): Holding => {
	const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	return { rssMb: Number(rss) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
};

/**
 * What levels off is in the last third, on average, no more than this above what it was in the first or the second: between two
 * collections of all garbage memory goes up and down by that much.
 */
const tolerance = { rss: 0.1, handles: 0.1 } as const;
/** A module that holds little may hold so much more. */
const slack = { rssMb: 8, handles: 15 } as const;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** Means of the three thirds of a run. */
const thirds = (numbers: readonly number[]): [number, number, number] => {
	const size = Math.floor(numbers.length / 3);
	return [mean(numbers.slice(0, size)), mean(numbers.slice(size, 2 * size)), mean(numbers.slice(2 * size))];
};

const lastAndBefore = (numbers: readonly number[]): [before: number, last: number] => {
	const [first, second, last] = thirds(numbers);
	return [Math.max(first, second), last];
};

/** A line for each process whose memory or handles grew in the last third by more than the tolerance. */
export const growthOf = (holdings: ReadonlyMap<string, readonly Holding[]>): string[] => {
	const grown: string[] = [];
	for (const [name, samples] of holdings) {
		const [rss, lastRss] = lastAndBefore(samples.map(({ rssMb }) => rssMb));
		const [handles, lastHandles] = lastAndBefore(samples.map((sample) => sample.handles));
		if (lastRss > rss + Math.max(rss * tolerance.rss, slack.rssMb)) {
			grown.push(`${name}: memory grew from ${rss.toFixed(1)} to ${lastRss.toFixed(1)} MB`);
		}
		if (lastHandles > handles + Math.max(handles * tolerance.handles, slack.handles)) {
			grown.push(`${name}: handles grew from ${handles.toFixed(1)} to ${lastHandles.toFixed(1)}`);
		}
	}
	return grown;
};

/** A table in Markdown: the means of the thirds of each process. */
export const tableOf = (holdings: ReadonlyMap<string, readonly Holding[]>): string[] => [
	'| process | RSS in MB, by thirds of the time | handles, by thirds |',
	'|---|---|---|',
	...Array.from(holdings, ([name, samples]) => {
		const rss = thirds(samples.map(({ rssMb }) => rssMb)).map((one) => one.toFixed(1));
		const handles = thirds(samples.map((sample) => sample.handles)).map((one) => one.toFixed(0));
		return `| ${name} | ${rss.join(', ')} | ${handles.join(', ')} |`;
	}),
];
