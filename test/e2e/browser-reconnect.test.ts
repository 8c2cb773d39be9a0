import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { newWriter } from '../support/browser-writer.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';

let browser: TestBrowser;
let cluster: Cluster;
beforeAll(async () => {
	browser = await startBrowser();
	return () => browser.close();
});
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 0, logic: 2, task: 2, site: 2 });
	return () => cluster.stop();
});
afterEach(async () => {
	expect(await browser.closePages()).toEqual([]);
});

/** The page of one of the two sites. */
const enter = async (site: 0 | 1, name: string, room: number): Promise<ChatPage> => {
	const page = await browser.enter(cluster.siteUrls[site] ?? '', name);
	await page.joinRoom(room);
	return page;
};
/** The connect-ws that the page is on. */
const serverOf = ({ sockets }: ChatPage) => {
	const server = cluster.nodes('connect-ws')[cluster.wsUrls.indexOf(sockets.at(-1) ?? '')];
	if (server === undefined) throw new Error(`no server at ${sockets.at(-1)}`);
	return server;
};
const lines = (name: string, ...bodies: string[]): string[] =>
	bodies.map((body, index) => `${index + 1} ${name}: ${body}`);

describe('pages of a cluster', { timeout: 120_000 }, () => {
	test('of different sites and connect servers share a room', async () => {
		const ann = await enter(0, 'ann', 1);
		const bob = await enter(1, 'bob', 1);
		// Both servers are best for somebody: else everybody were on one.
		const others: ChatPage[] = [];
		while (new Set([ann, bob, ...others].map(serverOf)).size < 2) {
			others.push(await enter(0, `other-${others.length}`, 1));
			expect(others.length).toBeLessThan(10);
		}
		const pages = [ann, bob, ...others];
		for (const page of pages) await soon(async () => (await page.members()).count).toBe(String(pages.length));
		for (const [index, page] of pages.entries()) await page.say(`text ${index}`);
		for (const page of pages) {
			await soon(async () => (await page.messages()).map((line) => line.split(': ')[1]).sort()).toEqual(
				pages.map((_, index) => `text ${index}`),
			);
		}
	});

	test('move to another connect server when theirs is killed, and miss nothing', async () => {
		const carol = await enter(0, 'carol', 2);
		const writer = await newWriter(cluster.apiUrl, 'dave');
		await writer.say('room:2', 'before');
		await soon(() => carol.messages()).toEqual(['1 dave: before']);
		const server = serverOf(carol);
		await server.kill();
		await writer.say('room:2', 'meanwhile');
		await carol.say('and from me');
		await carol.is('caught-up');
		expect(serverOf(carol)).not.toBe(server);
		await soon(async () => (await carol.messages()).toSorted()).toEqual([
			'1 dave: before',
			expect.stringMatching(/^[23] (dave: meanwhile|carol: and from me)$/),
			expect.stringMatching(/^[23] (dave: meanwhile|carol: and from me)$/),
		]);
		await carol.is('online');
		await server.start();
	});

	test('keep what is written while no server is there, and send it once, in order, when one is back', async () => {
		const erin = await enter(0, 'erin', 3);
		const frank = await enter(1, 'frank', 3);
		const writer = await newWriter(cluster.apiUrl, 'gina');
		await erin.say('before');
		for (const page of [erin, frank]) await soon(() => page.messages()).toEqual(lines('erin', 'before'));

		const servers = cluster.nodes('connect-ws');
		await Promise.all(servers.map((server) => server.kill()));
		for (const page of [erin, frank]) await page.is('offline');
		const banner = erin.page.getByTestId('connection');
		expect(await banner.innerText()).toContain('Offline');
		const texts = Array.from({ length: 10 }, (_, index) => `offline ${index + 1}`);
		await erin.sayAll(texts);
		for (const text of texts) expect(await erin.stateOf(text)).toBe('sending');
		await soon(() => banner.innerText()).toContain('10 messages wait to be sent.');
		await writer.say('room:3', 'by another way');
		// What waits outlives the page.
		await erin.page.reload();
		await erin.is('connecting', 'offline');
		await Promise.all(servers.map((server) => server.start()));
		for (const page of [frank, erin]) await page.is('online', 'caught-up');
		const all = [
			'1 erin: before',
			'2 gina: by another way',
			...texts.map((text, index) => `${index + 3} erin: ${text}`),
		];
		for (const page of [erin, frank]) await soon(() => page.messages()).toEqual(all);
		for (const text of texts) await soon(() => erin.stateOf(text)).toMatch(/^(sent|read)$/);
		await frank.say('welcome back');
		for (const page of [erin, frank]) await soon(() => page.messages()).toEqual([...all, '13 frank: welcome back']);
	});

	test('show what is written in a conversation that was not there yet when the servers went', async () => {
		const lena = await enter(0, 'lena', 7);
		await lena.joinRoom(8);
		await lena.page.reload();
		await lena.online();
		await lena.conversation('#7').waitFor();
		const servers = cluster.nodes('connect-ws');
		await Promise.all(servers.map((server) => server.kill()));
		await lena.is('offline');
		await lena.open('#7');
		const place = async () => Math.round((await lena.composer.boundingBox())?.y ?? 0);
		const loading = await place();
		await lena.say('waits');
		await soon(() => lena.messages()).toEqual(['- lena: waits']);
		expect(await lena.stateOf('waits')).toBe('sending');
		expect(await place()).toBe(loading);
		await Promise.all(servers.map((server) => server.start()));
		await soon(() => lena.messages()).toEqual(['1 lena: waits']);
	});

	test('refuse what would be too much to wait, until there is room again', async () => {
		const kate = await enter(0, 'kate', 6);
		const servers = cluster.nodes('connect-ws');
		await Promise.all(servers.map((server) => server.kill()));
		await kate.is('offline');
		await kate.composer.fill('0');
		// A person would take an hour to write so much.
		await kate.page.evaluate(`(async () => {
			const area = document.activeElement;
			const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
			for (let number = 1; number <= 1000; number += 1) {
				set.call(area, String(number));
				area.dispatchEvent(new Event('input', { bubbles: true }));
				area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
				await Promise.resolve();
			}
		})()`);
		await soon(() => kate.page.getByTestId('connection').innerText()).toContain('1000 messages wait to be sent.');
		await kate.say('one too many');
		await soon(() => kate.stateOf('one too many')).toBe('failed');
		await soon(() => kate.message('one too many').innerText()).toContain('Too many messages wait to be sent.');
		await Promise.all(servers.map((server) => server.start()));
		await soon(async () => (await kate.messages()).filter((line) => line.startsWith('-')).length).toBe(1);
		await kate.message('one too many').getByRole('button', { name: 'Try again' }).click();
		await soon(async () => (await kate.messages()).slice(-3)).toEqual([
			'999 kate: 999',
			'1000 kate: 1000',
			'1001 kate: one too many',
		]);
	});

	test('tell a person what happens: offline, catching up, nothing is missing, and then no more of it', async () => {
		const henry = await enter(0, 'henry', 4);
		const banner = henry.page.getByTestId('connection');
		await henry.page.evaluate(`
			globalThis.states = [];
			const banner = document.querySelector('[data-testid=connection]');
			new MutationObserver(() => states.push(banner.dataset.state)).observe(banner, { attributeFilter: ['data-state'] });
		`);
		const servers = cluster.nodes('connect-ws');
		await Promise.all(servers.map((server) => server.kill()));
		await henry.is('offline');
		await henry.say('waits');
		await soon(() => banner.innerText()).toContain('1 message waits to be sent.');
		await Promise.all(servers.map((server) => server.start()));
		await henry.is('caught-up');
		expect(await banner.innerText()).toContain('Nothing is missing.');
		await henry.is('online');
		expect(await banner.innerText()).toBe('');
		const states = await henry.page.evaluate<string[]>('states');
		expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
			'offline',
			'catching-up',
			'caught-up',
			'online',
		]);
		await soon(() => henry.messages()).toEqual(['1 henry: waits']);
	});

	test('have everything after a restart of all processes, and go on by themselves', async () => {
		const [ida, jack] = [await enter(0, 'ida', 5), await enter(1, 'jack', 5)];
		await ida.say('in the room');
		for (const page of [ida, jack]) await soon(() => page.messages()).toEqual(['1 ida: in the room']);
		const tiers = [['logic', 'task'], ['connect-ws'], ['api', 'site']].map((modules) =>
			modules.flatMap((module) => cluster.nodes(module)),
		);
		for (const nodes of tiers.toReversed()) await Promise.all(nodes.map((node) => node.process.stop()));
		for (const page of [ida, jack]) await page.is('offline');
		for (const nodes of tiers) await Promise.all(nodes.map((node) => node.start()));
		for (const page of [ida, jack]) await page.online();
		await jack.say('again');
		for (const page of [ida, jack]) {
			await soon(() => page.messages()).toEqual(['1 ida: in the room', '2 jack: again']);
		}
		await jack.page.reload();
		await jack.online();
		await soon(() => jack.messages()).toEqual(['1 ida: in the room', '2 jack: again']);
	});
});
