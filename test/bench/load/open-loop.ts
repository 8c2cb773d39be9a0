import { now } from './clock.ts';
import { Histogram } from './histogram.ts';

/** The share of one process in what is sent: of all messages each `step`-th from the one at `place` (0 to `step` - 1) on. */
export interface Share {
	readonly place: number;
	readonly step: number;
	/** The number of the first message of all. */
	readonly firstIndex: number;
	/** When that is due (µs), and how far apart all messages are. */
	readonly startAt: number;
	readonly apartMicros: number;
	/** What is due then or later is not sent. */
	readonly endAt: number;
	readonly window: number;
}

export interface Sent {
	/** How many of this share, from its first. */
	readonly sent: number;
	readonly accepted: number;
	/** Numbers of the messages that were refused, or not answered; of some of them nobody knows whether they arrived. */
	readonly failed: readonly number[];
	/** Why the first one failed. */
	readonly problem: string | undefined;
	/** Due while the window was full. Some of them were not sent at all. */
	readonly late: number;
	/** From when each was due: until it was answered, and until it was sent (what the load itself adds). In µs. */
	readonly answers: Float64Array;
	readonly lags: Float64Array;
	/** When the last answer came, in µs. */
	readonly lastAt: number;
}

/** Sends message `index`, which was due at `dueAt` (µs); calls `done` once: with why it failed, or with nothing. */
export type Send = (index: number, dueAt: number, done: (problem?: string) => void) => void;

const answerGraceMs = 5000;

/**
 * Sends at a constant rate, whether what was sent before has been answered or not: each message is due at a time of its own,
 * and what a slow server delays counts as its latency. Resolves when all are answered, or 5 s after the end.
 */
export const openLoop = (share: Share, send: Send): Promise<Sent> => {
	const { place, step, firstIndex, startAt, apartMicros, endAt, window } = share;
	const answers = new Histogram();
	const lags = new Histogram();
	const underWay = new Set<number>();
	const failed: number[] = [];
	let problem: string | undefined;
	let accepted = 0;
	let sent = 0;
	let due = 0;
	let late = 0;
	let lastAt = 0;
	let ended = false;

	const indexOf = (turn: number): number => firstIndex + place + turn * step;
	const dueAtOf = (turn: number): number => startAt + (place + turn * step) * apartMicros;

	return new Promise((resolve) => {
		let grace: NodeJS.Timeout | undefined;
		const finish = () => {
			clearTimeout(grace);
			for (const index of underWay) failed.push(index);
			if (underWay.size > 0) problem ??= 'no answer within 5 s of the end';
			underWay.clear();
			resolve({ sent, accepted, failed, problem, late, answers: answers.counts, lags: lags.counts, lastAt });
		};
		const sendDue = () => {
			while (!ended && sent < due && underWay.size < window) {
				const index = indexOf(sent);
				const dueAt = dueAtOf(sent);
				sent += 1;
				underWay.add(index);
				lags.add(now() - dueAt);
				send(index, dueAt, (why) => {
					if (!underWay.delete(index)) return;
					lastAt = now();
					if (why === undefined) {
						accepted += 1;
						answers.add(lastAt - dueAt);
					} else {
						failed.push(index);
						problem ??= why;
					}
					sendDue();
					if (grace !== undefined && underWay.size === 0) finish();
				});
			}
		};
		const tick = () => {
			const at = Math.min(now(), endAt);
			for (; dueAtOf(due) < at; due += 1) if (underWay.size + due - sent >= window) late += 1;
			sendDue();
			if (at < endAt) {
				setTimeout(tick, Math.max(1, Math.min(dueAtOf(due), endAt) - now()) / 1000);
				return;
			}
			// What still waits for others to be answered is not sent any more.
			ended = true;
			grace = setTimeout(finish, answerGraceMs);
			if (underWay.size === 0) finish();
		};
		setTimeout(tick, (startAt - now()) / 1000);
	});
};
