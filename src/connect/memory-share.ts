import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const sampleEveryMs = 1000;

/**
 * How much of its memory the process uses, from 0 to 1: of V8's heap, or of what the machine or its container (cgroup) has,
 * whichever is nearer to its end. Looked at once a second at most.
 */
export const createMemoryShare = (): (() => number) => {
	const constrained = process.constrainedMemory?.() ?? 0;
	const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
	let share = 0;
	let sampledAt = Number.NEGATIVE_INFINITY;
	return () => {
		const now = performance.now();
		if (now - sampledAt < sampleEveryMs) return share;
		sampledAt = now;
		const { used_heap_size, heap_size_limit } = getHeapStatistics();
		share = Math.max(used_heap_size / heap_size_limit, process.memoryUsage.rss() / memory);
		return share;
	};
};
