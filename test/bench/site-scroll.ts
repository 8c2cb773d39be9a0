import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from './scenario.ts';
import { figure, megabytes } from './site-figure.ts';
import { type BenchPage, heapBytes } from './site-page.ts';
import type { Watched } from './site-probe.ts';

/** One notch of a wheel that is turned quickly, and the time between two. */
const notch = { pixels: 600, ms: 16 };

/** Turns the wheel over the messages, upwards when negative, until the time is over; the browser answers each notch when it has scrolled. */
const turn = async ({ page }: BenchPage, pixels: number, ms: number): Promise<void> => {
	const end = performance.now() + ms;
	while (performance.now() < end) await Promise.all([page.mouse.wheel(0, pixels), pause(notch.ms)]);
};

/** The largest heap of each second until the signal. */
const heapUntil = async (page: BenchPage, signal: AbortSignal): Promise<number> => {
	let largest = await heapBytes(page);
	while (!signal.aborted) {
		await pause(1000, undefined, { signal }).catch(() => {});
		largest = Math.max(largest, await heapBytes(page));
	}
	return largest;
};

/** Scrolls up from the end for half of the time, and back, without a pause. */
export const measureScrolling = async (page: BenchPage, seconds: number): Promise<Row[]> => {
	const { mouse } = page.page;
	await mouse.move(700, 400);
	await page.page.evaluate('void (globalThis.stopWatch = probe.watch())');
	const before = { ...page.sockets };
	const done = new AbortController();
	const heap = heapUntil(page, done.signal);
	await turn(page, -notch.pixels, seconds * 500);
	await turn(page, notch.pixels, seconds * 500);
	done.abort();
	const largest = await heap;
	const { frames, ms, longestMs, lowest, highest, nodes, offline } = await page.page.evaluate<Watched>('stopWatch()');
	const dropped = page.sockets.closed - before.closed + offline.length;
	return [
		figure({ what: 'scrolling: messages passed, each way', measured: highest - lowest }),
		figure({ what: 'scrolling: dropped sockets', measured: dropped, bar: 1 }),
		figure({ what: 'scrolling: heap at its highest, MB', measured: megabytes(largest), bar: 80 }),
		figure({ what: 'scrolling: frames a second', measured: (frames * 1000) / ms }),
		figure({ what: 'scrolling: longest time between frames, ms', measured: longestMs }),
		figure({ what: 'scrolling: elements in the document, at most', measured: nodes }),
	];
};
