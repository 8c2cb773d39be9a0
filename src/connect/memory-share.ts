import { totalmem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const sampleEveryMs = 1000;
/** Collecting all garbage stops the process for up to a few hundred milliseconds. */
const collectEveryMs = 10_000;

/** V8's own function, which Node hides unless a flag is set. */
const exposeGc = (): (() => void) => {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as () => void;
};

interface Options {
	/** The share from which on it matters whether what is used is garbage. */
	readonly high: number;
	/** From 0 to 1. */
	readonly measure?: () => number;
	readonly collect?: () => void;
}

/** V8's heap, or what the machine or its container (cgroup) has, whichever is nearer to its end. */
const measureProcess = (): (() => number) => {
	const constrained = process.constrainedMemory?.() ?? 0;
	const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
	return () => {
		const { used_heap_size, heap_size_limit } = getHeapStatistics();
		return Math.max(used_heap_size / heap_size_limit, process.memoryUsage.rss() / memory);
	};
};

/**
 * How much of its memory the process uses, from 0 to 1. Looked at once a second at most. What is used may be garbage, which a process
 * that does nothing never collects: it would stay full for good. So above `high` garbage is collected first, every ten seconds at most.
 */
export const createMemoryShare = ({ high, measure = measureProcess(), collect }: Options): (() => number) => {
	let share = 0;
	let sampledAt = Number.NEGATIVE_INFINITY;
	let collectedAt = Number.NEGATIVE_INFINITY;
	let gc = collect;
	return () => {
		const now = performance.now();
		if (now - sampledAt < sampleEveryMs) return share;
		sampledAt = now;
		share = measure();
		if (share < high || now - collectedAt < collectEveryMs) return share;
		gc ??= exposeGc();
		gc();
		collectedAt = performance.now();
		share = measure();
		return share;
	};
};
