import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from './scenario.ts';
import { figure, quantile } from './site-figure.ts';
import { type BenchPage, composer, messageAt, usable } from './site-page.ts';
import type { KeyTimes, Watched } from './site-probe.ts';
import type { Senders } from './site-senders.ts';

const messagesPerSecond = 200;
const keysPerSecond = 10;
/** For the last message to be shown. */
const longestWaitMs = 10_000;
const keys = 'a person goes on writing while the room is full of talk '.split('');

/** Types at a steady pace, whether or not the page has kept up, until the signal. */
const type = async ({ page }: BenchPage, signal: AbortSignal): Promise<void> => {
	const pressed: Promise<void>[] = [];
	const start = performance.now();
	while (!signal.aborted) {
		const key = keys[pressed.length % keys.length] ?? ' ';
		pressed.push(page.keyboard.press(key === ' ' ? 'Space' : key));
		await pause(start + (pressed.length * 1000) / keysPerSecond - performance.now());
	}
	await Promise.all(pressed);
};

/** Types into the composer while messages pour into the open room. */
export const measureInput = async (page: BenchPage, senders: Senders, seconds: number): Promise<Row[]> => {
	await page.page.locator(composer).click();
	await page.page.evaluate('globalThis.keyTimes = probe.keys(); globalThis.stopWatch = probe.watch(); undefined');
	const typed = new AbortController();
	const talk = async () => {
		try {
			const sent = await senders.send(messagesPerSecond, seconds);
			const acceptedAt = performance.now();
			// A page that has lost the end is a figure of the table, too.
			await usable(page, [messageAt(sent.head)], longestWaitMs).catch(() => {});
			return { ...sent, behindMs: performance.now() - acceptedAt };
		} finally {
			typed.abort();
		}
	};
	const [{ count, perSecond, behindMs }] = await Promise.all([talk(), type(page, typed.signal)]);
	const { own, told } = await page.page.evaluate<KeyTimes>('keyTimes()');
	const { frames, ms, longestMs, offline } = await page.page.evaluate<Watched>('stopWatch()');
	return [
		figure({ what: `input: ${count} messages came, a second`, measured: perSecond }),
		figure({ what: 'input: the last one is shown after its acceptance, ms', measured: behindMs, bar: 1000 }),
		figure({ what: 'input: keys', measured: own.length }),
		figure({ what: 'input: key to drawn frame, p50, ms', measured: quantile(own, 0.5) }),
		figure({
			what: 'input: key to drawn frame, p95, ms',
			measured: quantile(own, 0.95),
			worst: quantile(own, 1),
			bar: 100,
		}),
		figure({
			what: 'input: the same by Event Timing, p95, ms',
			measured: quantile(told, 0.95),
			worst: quantile(told, 1),
		}),
		figure({ what: 'input: frames a second', measured: (frames * 1000) / ms }),
		figure({ what: 'input: longest time between frames, ms', measured: longestMs }),
		figure({ what: 'input: states of the connection besides online', measured: offline.length, bar: 1 }),
	];
};
