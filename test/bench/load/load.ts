import { collect, type Result } from './collect.ts';
import { type Connected, type ConnectOptions, connectAll } from './connect-all.ts';
import type { ReaderPlan, SendPlan } from './plan.ts';
import type { ReaderMethods } from './reader-process.ts';
import { type Returned, returned } from './returned.ts';
import { type SendResult, send } from './send.ts';
import type { SenderMethods } from './sender-process.ts';
import { Worker } from './worker.ts';

export interface LoadProcess {
	readonly name: string;
	readonly pid: number;
	/** Since the process began: take the difference of two looks. */
	readonly cpu_seconds: number;
	readonly rss_bytes: number;
}

/** Clients and senders in processes of their own: nothing is measured in the one that drives the bench. */
export interface Load {
	/** Opens connections, spread over the reader processes. Resolves when each has been let in, or has failed. */
	connect(plans: readonly ReaderPlan[], options?: ConnectOptions): Promise<Connected>;
	/** Counts anew, messages that are due from now on. */
	reset(): Promise<void>;
	/** Sends messages at a constant rate. Rejects when the senders cannot sign in. */
	send(plan: SendPlan): Promise<SendResult>;
	/**
	 * What has arrived since `reset`, of all that was sent since. Waits until all is there and nothing has come for 300 ms, at most so long. `expected` tells how many
	 * connections should get a message; 0 where that is not known, as with one whose sending failed.
	 */
	collect(expected: (index: number) => number, graceMs: number): Promise<Result>;
	/** Waits until `count` connections were lost and those that have `returnTo` are back, at most so long. */
	returned(count: number, timeoutMs: number): Promise<Returned>;
	/** CPU and memory of the load itself: it must not be the limit. */
	processes(): Promise<readonly LoadProcess[]>;
	close(): Promise<void>;
}

/** Starts the processes; one of each kind unless told. */
export const startLoad = ({ readers = 1, senders = 1 } = {}): Load => {
	const readerProcesses = Array.from(
		{ length: readers },
		(_, at) => new Worker<ReaderMethods>(`reader ${at + 1}`, './reader-process.js'),
	);
	const senderProcesses = Array.from(
		{ length: senders },
		(_, at) => new Worker<SenderMethods>(`sender ${at + 1}`, './sender-process.js'),
	);
	const all = [...readerProcesses, ...senderProcesses];
	const usages = () =>
		Promise.all([
			...readerProcesses.map((one) => one.call('usage', undefined)),
			...senderProcesses.map((one) => one.call('usage', undefined)),
		]);
	let lastIndex = -1;
	return {
		connect: (plans, options = {}) => connectAll(readerProcesses, plans, options),
		reset: async () => {
			lastIndex = -1;
			await Promise.all(readerProcesses.map((one) => one.call('reset', undefined)));
		},
		send: async (plan) => {
			const result = await send(senderProcesses, plan);
			lastIndex = Math.max(lastIndex, result.lastIndex);
			return result;
		},
		collect: (expected, graceMs) => collect(readerProcesses, { expected, graceMs, lastIndex }),
		returned: (count, timeoutMs) => returned(readerProcesses, count, timeoutMs),
		processes: async () => {
			const looks = await usages();
			return looks.map((look, at) => ({ name: all[at]?.name ?? '', pid: all[at]?.pid ?? 0, ...look }));
		},
		close: async () => {
			await Promise.all(all.map((one) => one.close()));
		},
	};
};
