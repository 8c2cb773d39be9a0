import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { joined, tcpClient, tokenOf } from '../support/gochat-client.ts';

let browser: TestBrowser;
let cluster: Cluster;
beforeAll(async () => {
	browser = await startBrowser();
	return () => browser.close();
});
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 2, task: 2, site: 2 });
	return () => cluster.stop();
});
afterEach(async () => {
	expect(await browser.closePages()).toEqual([]);
});

/** The page of the first or second site is connected to the first or second connect-ws. */
const siteUrl = (server: 0 | 1): string => cluster.siteUrls[server] ?? '';
const enter = (server: 0 | 1, name: string, roomId: number): Promise<ChatPage> =>
	browser.enter(siteUrl(server), name, roomId);

describe('pages of a cluster', { timeout: 120_000 }, () => {
	test('on different connect-ws share a room both ways, and see each other in it', async () => {
		const [ann, bob] = await Promise.all([enter(0, 'ann', 1), enter(1, 'bob', 1)]);
		const servers = await Promise.all(
			[ann, bob].map((page) => page.page.evaluate<{ wsUrl: string }>("fetch('/config.json').then((r) => r.json())")),
		);
		expect(servers.map(({ wsUrl }) => wsUrl)).toEqual(cluster.wsUrls);
		for (const page of [ann, bob]) {
			await soon(() => page.present()).toEqual({ names: ['ann', 'bob'], online: '2' });
		}
		const lines: string[] = [];
		for (let number = 1; number <= 6; number += 1) {
			const [page, name] = number % 2 === 0 ? [bob, 'bob'] : [ann, 'ann'];
			await page.say(`text ${number}`);
			lines.push(`${number} ${name}: text ${number}`);
			for (const reader of [ann, bob]) await soon(() => reader.messages()).toEqual(lines);
		}
	});

	test('share a room with a TCP client both ways', async () => {
		const [carol, dave] = await Promise.all([enter(0, 'carol', 2), tokenOf(cluster.apiUrl, 'dave')]);
		const terminal = await tcpClient(cluster.tcpPorts[0]?.[0] ?? 0, dave, 2);
		await joined(terminal, 'dave');
		await soon(() => carol.present()).toEqual({ names: ['carol', 'dave'], online: '2' });

		terminal.send({ op: 3, msg: 'from the terminal', roomId: 2 });
		await soon(() => carol.messages()).toEqual(['1 dave: from the terminal']);
		await carol.say('from the browser');
		expect(await terminal.received.message('from the browser', 30_000)).toMatchObject({
			seq: 2,
			fromUserName: 'carol',
		});
		expect(terminal.received.messages()).toEqual(['from the terminal', 'from the browser']);
		terminal.close();
		await soon(() => carol.present()).toEqual({ names: ['carol'], online: '1' });
	});

	test('of one user on different connect-ws both get a direct message, and both show the answer', async () => {
		const [erin, frank] = await Promise.all([enter(0, 'erin', 3), enter(1, 'frank', 3)]);
		const other = await browser.open(siteUrl(1));
		await other.submit('log-in', 'erin');
		await other.is('online');
		await other.join(3);

		await frank.member('erin').click();
		await frank.sayDirectly('psst');
		for (const device of [erin, other]) {
			await soon(() => device.member('frank').getByTestId('unread').allTextContents()).toEqual(['1']);
			await device.member('frank').click();
			await soon(() => device.directMessages()).toEqual(['1 frank: psst']);
		}
		await erin.sayDirectly('yes?');
		for (const page of [erin, other, frank]) {
			await soon(() => page.directMessages()).toEqual(['1 frank: psst', '2 erin: yes?']);
			expect(await page.messages()).toEqual([]);
		}
	});

	test('come back after a kill of their connect-ws with everything once, while the others go on', async () => {
		const [gina, henry] = await Promise.all([enter(0, 'gina', 4), enter(1, 'henry', 4)]);
		await gina.say('before');
		const lines = ['1 gina: before'];
		for (const page of [gina, henry]) await soon(() => page.messages()).toEqual(lines);

		const server = cluster.nodes('connect-ws')[0];
		await server?.kill();
		await gina.is('offline');
		for (const text of ['one', 'two', 'three']) {
			await henry.say(text);
			lines.push(`${lines.length + 1} henry: ${text}`);
			await soon(() => henry.messages()).toEqual(lines);
		}
		// What one sends goes over HTTP, so it needs no connect-ws.
		await gina.say('still here');
		lines.push('5 gina: still here');
		await soon(() => henry.messages()).toEqual(lines);

		await server?.start();
		await gina.is('online');
		await soon(() => gina.messages()).toEqual(lines);
		await henry.say('welcome back');
		lines.push('6 henry: welcome back');
		for (const page of [gina, henry]) {
			await soon(() => page.messages()).toEqual(lines);
			await soon(() => page.present()).toEqual({ names: ['gina', 'henry'], online: '2' });
			expect(await page.page.locator('.outgoing').count()).toBe(0);
		}
	});

	test('have their history after a restart of all processes, and go on by themselves', async () => {
		const [ida, jack] = await Promise.all([enter(0, 'ida', 5), enter(1, 'jack', 5)]);
		await ida.say('in the room');
		await ida.member('jack').click();
		await ida.sayDirectly('between us');
		await soon(() => ida.directMessages()).toEqual(['1 ida: between us']);
		for (const page of [ida, jack]) await soon(() => page.messages()).toEqual(['1 ida: in the room']);

		const tiers = [
			['logic', 'task'],
			['connect-ws', 'connect-tcp'],
			['api', 'site'],
		].map((modules) => modules.flatMap((module) => cluster.nodes(module)));
		for (const nodes of tiers.toReversed()) await Promise.all(nodes.map((node) => node.process.stop()));
		for (const page of [ida, jack]) await page.is('offline');
		for (const nodes of tiers) await Promise.all(nodes.map((node) => node.start()));

		for (const page of [ida, jack]) await page.is('online');
		await jack.say('again');
		for (const page of [ida, jack]) {
			await soon(() => page.messages()).toEqual(['1 ida: in the room', '2 jack: again']);
		}
		await jack.page.reload();
		await jack.is('online');
		await soon(() => jack.messages()).toEqual(['1 ida: in the room', '2 jack: again']);
		await jack.member('ida').click();
		await soon(() => jack.directMessages()).toEqual(['1 ida: between us']);
		await jack.sayDirectly('still');
		await soon(() => ida.directMessages()).toEqual(['1 ida: between us', '2 jack: still']);
	});
});
