import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';

const built = join(import.meta.dirname, '../../dist/page');
/** Of script, compressed, in bytes. */
const mostBytes = 150_000;

let server: Embedded;
let browser: TestBrowser;
beforeAll(async () => {
	[server, browser] = await Promise.all([startEmbedded(), startBrowser()]);
});
afterAll(async () => {
	await browser.close();
	await server.stop();
});

/** What the page has loaded as script since it was opened: paths, and their bytes after gzip. */
const scripts = async ({ page }: ChatPage) => {
	const urls = await page.evaluate<string[]>(
		"performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
	);
	const paths = urls.map((url) => new URL(url).pathname);
	const bytes = paths.map((path) => gzipSync(readFileSync(join(built, path)), { level: 9 }).length);
	return { paths, bytes: bytes.reduce((sum, size) => sum + size, 0) };
};

test('the log-in, and a room that is opened with a session from before, need less than 150 kB of script', async () => {
	const ann = await browser.open(server.siteUrl);
	await ann.signedOut();
	const logIn = await scripts(ann);
	expect(logIn.paths.length).toBeGreaterThan(0);
	expect(logIn.bytes).toBeLessThan(mostBytes);

	await ann.register('ann');
	await ann.joinRoom(1);
	await ann.say('hello');
	await soon(() => ann.messages()).toEqual(['1 ann: hello']);
	await ann.page.reload();
	await soon(() => ann.messages()).toEqual(['1 ann: hello']);
	await ann.composer.waitFor();
	const chat = await scripts(ann);
	expect(chat.paths).toEqual(expect.arrayContaining([...logIn.paths]));
	expect(chat.bytes).toBeLessThan(mostBytes);
	expect(await browser.closePages()).toEqual([]);
});

test('the built page names no other host, but for names of formats and for where errors of its libraries are explained', () => {
	const named = readdirSync(built, { recursive: true, encoding: 'utf8' })
		.filter((path) => ['.html', '.js', '.css', '.svg'].includes(extname(path)))
		.flatMap((path) => readFileSync(join(built, path), 'utf8').match(/(?:https?|wss?):\/\/[\w.-]+[\w./-]*/g) ?? []);
	const formats = /^http:\/\/www\.w3\.org\/(1998\/Math\/MathML|1999\/xlink|2000\/svg|XML\/1998\/namespace)$/;
	const explanations = [
		'https://react.dev/errors/',
		'https://base-ui.com/production-error',
		'https://react.i18next.com/latest/usetranslation-hook',
		'https://github.com/markedjs/marked.',
	];
	expect([...new Set(named)].filter((url) => !formats.test(url) && !explanations.includes(url))).toEqual([]);
});

test('the built page has no source maps and no style or script within its HTML', () => {
	const paths = readdirSync(built, { recursive: true, encoding: 'utf8' });
	expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
	const html = readFileSync(join(built, 'index.html'), 'utf8');
	expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)/);
});
