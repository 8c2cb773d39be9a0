import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageQueue } from '../ports/message-queue.ts';
import { keptSamples, type LogicSample, sampleIntervalMs } from '../protocol/rpc-status.ts';
import { type Sampler, startSampler } from '../runtime/sampler.ts';
import type { GroupCommit } from './group-commit.ts';

interface Counted {
	readonly groupCommit: Pick<GroupCommit, 'accepted'>;
	readonly queue: Pick<MessageQueue, 'size'>;
	/** Time between two samples. */
	readonly intervalMs?: number;
}

/** A queue that takes longer has no size to tell. */
const queueDeadlineMs = 1000;

/** Items that wait in the queue; null when it does not answer within a second. */
export const queueSize = (queue: Pick<MessageQueue, 'size'>): Promise<number | null> =>
	Promise.race([queue.size().catch(() => null), sleep(queueDeadlineMs, null, { ref: false })]);

/** Samples what this process accepts, and the queue. */
export const startStats = ({ groupCommit, queue, intervalMs = sampleIntervalMs }: Counted): Sampler<LogicSample> => {
	let before = groupCommit.accepted;
	return startSampler({
		intervalMs,
		keep: keptSamples,
		take: async (at) => {
			const accepted = groupCommit.accepted - before;
			before += accepted;
			return { at, accepted, queue: await queueSize(queue) };
		},
	});
};
