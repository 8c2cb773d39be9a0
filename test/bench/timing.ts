import type { Row } from './scenario.ts';

interface Measurement {
	readonly what: string;
	/** How long to go on, in seconds; never fewer than 20 times. */
	readonly seconds: number;
	/** How many messages or the like one call handles, for a column of how many a second. */
	readonly perCall?: number;
}

const fewestCalls = 20;

/** Calls one after the other; half, 95 % and all of them took at most so many milliseconds. The first call is not counted. */
export const timed = async (
	{ what, seconds, perCall }: Measurement,
	call: (index: number) => Promise<unknown>,
): Promise<Row> => {
	await call(0);
	const times: number[] = [];
	const start = performance.now();
	while (times.length < fewestCalls || performance.now() - start < seconds * 1000) {
		const began = performance.now();
		await call(times.length + 1);
		times.push(performance.now() - began);
	}
	const total = performance.now() - start;
	times.sort((a, b) => a - b);
	const quantile = (part: number) => rounded(times[Math.ceil(part * times.length) - 1] ?? 0);
	return {
		what,
		'p50 ms': quantile(0.5),
		'p95 ms': quantile(0.95),
		'max ms': quantile(1),
		calls: times.length,
		...(perCall !== undefined && { 'per second': Math.round((perCall * times.length * 1000) / total) }),
	};
};

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
