import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { SignedIn } from '../../src/client/index.ts';
import type { Row } from './scenario.ts';
import { figure, kilobytes } from './site-figure.ts';
import { type BenchPage, chatAt, logInForm, openPage, roomUrl, usable } from './site-page.ts';

const visits = 5;
/** How many times slower than this machine the processor is made: that of a phone. */
const slowdown = 4;

interface Wanted {
	readonly siteUrl: string;
	readonly session: SignedIn;
	/** The last message of the room. */
	readonly head: number;
}

interface Fetched {
	readonly url: string;
	/** As they came, compressed. */
	readonly bytes: number;
}

interface Visit {
	readonly paintMs: number;
	readonly usableMs: number;
	readonly fetched: readonly Fetched[];
}

const visited = async (page: BenchPage, selectors: readonly string[]): Promise<Visit> => {
	const usableMs = await usable(page, selectors);
	const [paintMs, fetched] = await Promise.all([
		page.page.evaluate<number>('probe.firstPaint()'),
		page.page.evaluate<Fetched[]>(`probe.fetched(${usableMs})`),
	]);
	await page.close();
	return { paintMs, usableMs, fetched };
};

const timesOf = (what: string, visits: readonly Visit[]): Row[] => {
	const times = (pick: (visit: Visit) => number) => visits.map(pick).sort((a, b) => a - b);
	const row = (name: string, sorted: readonly number[], bar: number) =>
		figure({
			what: `${what}: ${name}, ms`,
			measured: sorted[Math.floor(sorted.length / 2)] ?? 0,
			worst: sorted.at(-1) ?? 0,
			bar,
		});
	return [
		row(
			'first paint',
			times(({ paintMs }) => paintMs),
			1000,
		),
		row(
			'usable',
			times(({ usableMs }) => usableMs),
			2000,
		),
	];
};

const gzipped = async (url: string): Promise<number> =>
	gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length;

const sizesOf = async (what: string, { fetched }: Visit): Promise<Row[]> => {
	const files = (ending: string) => fetched.filter(({ url }) => new URL(url).pathname.endsWith(ending));
	const total = async (ending: string) => {
		const sizes = await Promise.all(files(ending).map(({ url }) => gzipped(url)));
		return kilobytes(sizes.reduce((sum, size) => sum + size, 0));
	};
	const came = fetched.reduce((sum, { bytes }) => sum + bytes, 0);
	return [
		figure({ what: `${what}: script, gzip -9, kB`, measured: await total('.js'), bar: 150 }),
		figure({ what: `${what}: styles, gzip -9, kB`, measured: await total('.css') }),
		figure({ what: `${what}: all that came, as it came, kB`, measured: kilobytes(came) }),
	];
};

/** What a first visit costs: with nothing in the cache, on a slow processor, to the log-in and to a room with a session that was kept. */
export const measureFirstLoad = async (browser: Browser, { siteUrl, session, head }: Wanted): Promise<Row[]> => {
	const times: Row[] = [];
	const sizes: Row[] = [];
	const places = [
		{ what: 'log-in', url: siteUrl, session: undefined, selectors: logInForm },
		{ what: 'chat', url: roomUrl(siteUrl), session, selectors: chatAt(head) },
	];
	for (const { what, selectors, ...wanted } of places) {
		const all: Visit[] = [];
		for (let index = 0; index < visits; index += 1) {
			all.push(await visited(await openPage(browser, { ...wanted, slowdown }), selectors));
		}
		times.push(...timesOf(what, all));
		const [first] = all;
		if (first !== undefined) sizes.push(...(await sizesOf(what, first)));
	}
	return [...sizes, ...times];
};
