import { describe, expect, test } from 'vitest';
import { type ChatPage, soon, type TestBrowser } from '../support/browser.ts';
import { newWriter } from '../support/browser-writer.ts';
import type { Embedded } from '../support/cluster.ts';
import { embeddedPages } from '../support/embedded-pages.ts';

let browser: TestBrowser;
let chat: Embedded;
embeddedPages((parts) => {
	({ browser, chat } = parts);
});

/** Says that it ran wherever it runs: a dialog is one of the things that no page of these tests may have. */
const run = (number: number): string => `alert(${number})`;
const texts = [
	`<img src="/missing" onerror="${run(1)}">`,
	`<script>${run(2)}</script>`,
	`<svg onload="${run(3)}"><style>*{display:none}</style></svg>`,
	`</div></article></section><h1 onclick="${run(4)}">big</h1> &lt;b&gt; &amp;`,
	'<iframe srcdoc="<script>parent.alert(5)</script>"></iframe>',
	`<details open ontoggle="${run(6)}"><summary>x</summary></details>`,
	`{{constructor.constructor('${run(7)}')()}} \${${run(8)}}`,
	'<form action="https://evil.example/"><input name="q" autofocus></form>',
];
/** Markdown, and of it what a person should see. */
const markdown: readonly (readonly [source: string, shown: string])[] = [
	[`[click](javascript:${run(10)})`, 'click'],
	[`[click](JaVaScRiPt:${run(11)})`, 'click'],
	[`[click](java&#115;cript:${run(12)})`, 'click'],
	[`[click](data:text/html,<script>${run(13)}</script>)`, 'click'],
	[`[click](vbscript:${run(14)})`, 'click'],
	['![a picture](https://evil.example/pixel.png)', 'a picture'],
	[`<javascript:${run(15)}>`, 'javascript'],
	[`**bold <img src=x onerror=${run(16)}>**`, `<img src=x onerror=${run(16)}>`],
	[`\`<img src=x onerror=${run(17)}>\``, `<img src=x onerror=${run(17)}>`],
	[`\`\`\`html" onmouseover="${run(18)}\n<script>${run(19)}</script>\n\`\`\``, `<script>${run(19)}</script>`],
	[`| <img src=x onerror=${run(20)}> |\n| --- |\n| <b>cell</b> |`, '<b>cell</b>'],
];
const safeLink = /^(https?:\/\/|mailto:)/;

/** What a message may never become, in the whole page: the site's own parts are given. */
const strangers = async ({ page }: ChatPage): Promise<string[]> => {
	const elements =
		'script:not([src^="/assets/"]), iframe, object, embed, base, meta[http-equiv], body style, form[action], img';
	const found = await page.locator(elements).evaluateAll((nodes) => nodes.map((node) => node.outerHTML));
	const handlers = await page.evaluate<string[]>(
		"[...document.querySelectorAll('*')].flatMap((node) => node.getAttributeNames().filter((name) => name.startsWith('on')))",
	);
	return [...found, ...handlers];
};

/** What the page asks for from now on, besides its own code. */
const requestsOf = ({ page }: ChatPage): string[] => {
	const requests: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(`${chat.siteUrl}/assets/`)) requests.push(request.url());
	});
	return requests;
};

describe('what people write is text', { timeout: 90_000 }, () => {
	test('in messages: HTML is shown as it was written, in the thread and in the list', async () => {
		const [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => browser.enter(chat.siteUrl, name)));
		if (ann === undefined || bob === undefined) throw new Error('two people');
		await Promise.all([ann, bob].map((page) => page.joinRoom(1)));
		const requests = [ann, bob].map(requestsOf);
		for (const [index, text] of texts.entries()) {
			await ann.say(text);
			for (const page of [ann, bob]) {
				await soon(async () => (await page.messages()).at(-1)).toBe(`${index + 1} ann: ${text}`);
				await soon(() => page.conversation('#1').innerText()).toContain(text.slice(0, 20));
				expect(await strangers(page)).toEqual([]);
			}
		}
		expect(requests).toEqual([[], []]);
	});

	test('in markdown: no link runs anything, no picture is loaded', async () => {
		const carol = await browser.enter(chat.siteUrl, 'carol');
		await carol.joinRoom(2);
		const requests = requestsOf(carol);
		for (const [index, [source, shown]] of markdown.entries()) {
			await carol.say(source);
			const row = carol.thread.locator(`[data-seq="${index + 1}"]`);
			await soon(() => row.getByTestId('body').innerText()).toContain(shown);
			for (const link of await row.getByRole('link').all()) {
				expect(await link.getAttribute('href'), source).toMatch(safeLink);
			}
			expect(await strangers(carol), source).toEqual([]);
		}
		expect(requests).toEqual([]);
	});

	test('links go to where they say, in a window that knows nothing of this one', async () => {
		const dave = await browser.enter(chat.siteUrl, 'dave');
		await dave.joinRoom(3);
		await dave.say(`[docs](https://example.org/a 'title" onmouseover="${run(30)}') and https://example.org/b?c=d&e=f`);
		const found = dave.thread.getByTestId('body').getByRole('link');
		await soon(() => found.count()).toBe(2);
		for (const link of await found.all()) {
			expect(new URL((await link.getAttribute('href')) ?? '').origin).toBe('https://example.org');
			expect(await link.getAttribute('target')).toBe('_blank');
			expect((await link.getAttribute('rel'))?.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer']));
		}
		await found.first().hover();
		expect(await strangers(dave)).toEqual([]);
	});

	test('in names of people and of rooms: HTML is none, and what is one is shown as it is', async () => {
		const stranger = await browser.open(chat.siteUrl);
		const api = await newWriter(chat.apiUrl, 'registrar');
		for (const name of ['<b>bold</b>', '<script>x()', '"><img src=x>', '&lt;i&gt;', "'-alert(1)-'", 'javascript:x']) {
			expect(await api.ask('POST', '/v2/users', { name, password: '111111' })).toMatchObject({ status: 400 });
			expect(await api.ask('POST', '/v2/rooms', { name })).toMatchObject({ status: 400 });
		}
		await stranger.register('<b>bold</b>');
		await soon(() => stranger.field('Name').getAttribute('aria-invalid')).toBe('true');

		// What the rules allow may still look like a property, a path or a template.
		const names = ['__proto__', 'constructor', 'toString', '..', '名字', 'İstanbul'];
		const erin = await browser.enter(chat.siteUrl, 'erin');
		for (const name of names) {
			const writer = await newWriter(chat.apiUrl, name);
			await erin.writeTo(name);
			await erin.say('hello');
			await soon(() => erin.messages()).toEqual(['1 erin: hello']);
			await writer.say('room:4', 'it is me');
		}
		for (const room of ['__proto__', 'constructor', 'a .. b']) await erin.joinRoom(room);
		await erin.joinRoom(4);
		await soon(() => erin.messages()).toEqual(names.map((name, index) => `${index + 1} ${name}: it is me`));
		expect(await strangers(erin)).toEqual([]);
	});

	test('in the address: what is no conversation opens none', async () => {
		const frank = await browser.enter(chat.siteUrl, 'frank');
		for (const address of [
			'#<img src=x onerror=alert(1)>',
			'#javascript:alert(1)',
			'#room:0',
			'#%E0%A4%A',
			'#dm:1:x',
		]) {
			await frank.page.goto(`${chat.siteUrl}/${address}`);
			await frank.page.reload();
			await frank.online();
			await frank.page.getByText('Choose a conversation', { exact: false }).waitFor();
			expect(await strangers(frank), address).toEqual([]);
		}
	});
});
