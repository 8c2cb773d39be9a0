import { setTimeout as sleep } from 'node:timers/promises';

/** Growing pauses between attempts: 100 ms doubled up to a second, a quarter of it random so that processes spread out. */
export class Backoff {
	#attempts = 0;

	next(): number {
		const full = Math.min(1_000, 100 * 2 ** Math.min(this.#attempts++, 10));
		return full * (0.75 + Math.random() / 4);
	}

	reset(): void {
		this.#attempts = 0;
	}
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
	sleep(ms, undefined, { signal }).catch(() => {});

/** Resolves when the work is done or has failed, after `ms` at the latest; the work goes on. */
export const atMost = async (ms: number, work: Promise<unknown>): Promise<void> => {
	const timer = new AbortController();
	await Promise.race([work.catch(() => {}), pause(ms, timer.signal)]);
	timer.abort();
};

/** Runs tasks one after another, in the order given. */
export const createTurns = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
	let last: Promise<unknown> = Promise.resolve();
	return (task) => {
		const turn = last.then(task);
		last = turn.catch(() => {});
		return turn;
	};
};
