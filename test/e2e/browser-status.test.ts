import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Chat, listSessions, type SignedIn, signIn } from '../../src/client/index.ts';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { axe } from '../support/browser-axe.ts';
import { type Cluster, type Embedded, startCluster, startEmbedded } from '../support/cluster.ts';
import { newUser, sdkClient } from '../support/sdk-client.ts';

let browser: TestBrowser;
const chats: Chat[] = [];
beforeAll(async () => {
	browser = await startBrowser();
	return () => browser.close();
});
afterEach(async () => {
	await Promise.all(chats.splice(0).map((chat) => chat.close()));
	expect(await browser.closePages()).toEqual([]);
});

const adminOf = (api: string): Promise<SignedIn> => signIn({ api, name: 'admin', password: '111111' });

/** Somebody new, connected until the test ends: to this server, or to one that the API tells. */
const connected = async (api: string, url?: string): Promise<Chat> => {
	const { chat } = sdkClient({ ...(url === undefined ? { api } : { url }), ...(await newUser(api)) });
	chats.push(chat);
	await chat.ready;
	return chat;
};

/** The operators' page of somebody who is signed in on this browser. */
const openStatus = (siteUrl: string, session: SignedIn, profile: Parameters<TestBrowser['open']>[1] = {}) => {
	const stored = Object.entries({ session, preferences: profile.locale === 'zh-CN' ? { language: 'zh' } : {} });
	const script = stored
		.map(([key, value]) => `localStorage.setItem('tschat.${key}', ${JSON.stringify(JSON.stringify(value))})`)
		.join(';');
	return browser.open(`${siteUrl}/status`, { ...profile, script });
};

/** One of the figures, NaN while it is unknown. */
const figure = async ({ page }: ChatPage, name: string): Promise<number> =>
	Number((await page.getByTestId(`figure-${name}`).textContent())?.replaceAll(',', ''));

/** Waits until the page shows figures. */
const loaded = (page: ChatPage) => soon(() => figure(page, 'connections')).not.toBeNaN();

const plotNames = ['Connections', 'Messages a second', 'Queue'];
const plot = ({ page }: ChatPage, name: string) => page.getByRole('figure', { name, exact: true });

/** How many pixels of the plot of connections have the colour that links have on the page. */
const drawn = ({ page }: ChatPage): Promise<number> =>
	page.evaluate<number>(`(() => {
		const canvas = document.querySelector('figure canvas');
		if (canvas === null) return 0;
		const [red, green, blue] = getComputedStyle(document.querySelector('a')).color.match(/\\d+/g).map(Number);
		const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
		let count = 0;
		for (let at = 0; at < data.length; at += 4) {
			if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count += 1;
		}
		return count;
	})()`);

/** The cells of each server's row, by columns; the servers of one service. */
const rowsOf = async ({ page }: ChatPage, service: string): Promise<string[][]> => {
	const rows = page.getByRole('table', { name: 'Modules' }).getByRole('row');
	const cells = await rows.evaluateAll((lines) =>
		lines.map((line) => [...line.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
	);
	return cells.filter((texts) => texts.length > 1 && texts[0]?.startsWith(`${service}-`));
};

describe('the status of an embedded start', { timeout: 90_000 }, () => {
	let chat: Embedded;
	let admin: SignedIn;
	beforeAll(async () => {
		chat = await startEmbedded();
		admin = await adminOf(chat.apiUrl);
		return () => chat.stop();
	});

	test('a client that chats makes the figures, the plots and the table move', async () => {
		const status = await openStatus(chat.siteUrl, admin);
		await status.page.getByRole('heading', { name: 'Status', exact: true, level: 1 }).waitFor();
		await soon(() => figure(status, 'connections')).toBe(0);
		expect(await status.page.title()).toBe('Status · tschat');

		const client = await connected(chat.apiUrl);
		const room = client.room(1);
		await room.join();
		await soon(() => figure(status, 'connections')).toBe(1);
		await soon(() => figure(status, 'rooms')).toBe(1);
		// A sample is of five seconds: somebody goes on talking until one is seen.
		const talkUntil = async (name: string) => {
			await soon(async () => {
				await room.send('hello');
				return figure(status, name);
			}).toBeGreaterThan(0);
		};
		await talkUntil('accepted');
		await talkUntil('delivered');
		await soon(() => figure(status, 'queue')).toBe(0);

		for (const name of plotNames)
			await soon(() => plot(status, name).locator('figcaption').textContent()).toMatch(/now \d/);
		expect(await plot(status, 'Messages a second').locator('figcaption').textContent()).toMatch(
			/Accepted now [\d.]+, highest (?!0,)[\d.]+, lowest [\d.]+Delivered now [\d.]+, highest (?!0,)[\d.]+, lowest/,
		);
		await soon(() => drawn(status)).toBeGreaterThan(0);
		expect(await rowsOf(status, 'connect-ws')).toEqual([
			[expect.anything(), 'answers', expect.stringMatching(/^(\d+m )?\d+s$/), '1', '1', chat.wsUrl, expect.anything()],
		]);
		expect(await rowsOf(status, 'task')).toEqual([
			[expect.anything(), 'registered', expect.anything(), '–', '–', '–', expect.anything()],
		]);
		for (const service of ['api', 'logic', 'connect-tcp', 'site']) {
			expect(await rowsOf(status, service)).toHaveLength(1);
		}
		await client.close();
		await soon(() => figure(status, 'connections')).toBe(0);
	});

	test('light, dark, narrow and in Chinese axe finds nothing; a plot has the colours of the theme, and takes the width of a new window', async () => {
		const status = await openStatus(chat.siteUrl, admin, { colorScheme: 'light' });
		await loaded(status);
		await connected(chat.apiUrl);
		for (const colorScheme of ['light', 'dark'] as const) {
			await status.page.emulateMedia({ colorScheme });
			await soon(() => drawn(status)).toBeGreaterThan(0);
			expect(await axe(status)).toEqual([]);
		}
		const canvas = plot(status, 'Queue').locator('canvas');
		await status.page.setViewportSize({ width: 360, height: 740 });
		await soon(async () => (await canvas.boundingBox())?.width).toBeLessThan(330);
		expect(await status.overflow()).toBe(0);
		expect(await axe(status)).toEqual([]);

		const chinese = await openStatus(chat.siteUrl, admin, { locale: 'zh-CN' });
		await chinese.page.getByRole('heading', { name: '集群状态' }).waitFor();
		await chinese.page.getByRole('table', { name: '模块' }).waitFor();
		expect(await axe(chinese)).toEqual([]);
		for (const { page } of [status, chinese]) expect(await page.locator('style').count()).toBe(0);
	});

	test('a page that nobody sees asks nothing, and asks at once when it is seen again', async () => {
		const [seen, unseen] = await Promise.all([openStatus(chat.siteUrl, admin), openStatus(chat.siteUrl, admin)]);
		const answer = ({ page }: ChatPage) => page.waitForResponse(`${chat.apiUrl}/v2/status`);
		const setHidden = (hidden: boolean) =>
			unseen.page.evaluate(
				`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
				document.dispatchEvent(new Event('visibilitychange'));`,
			);
		await loaded(unseen);
		await setHidden(true);
		let asked = 0;
		unseen.page.on('request', () => {
			asked += 1;
		});
		// Three rounds of another page.
		for (let round = 0; round < 3; round += 1) await answer(seen);
		expect(asked).toBe(0);
		const again = answer(unseen);
		await setHidden(false);
		await again;
		await answer(unseen);
	});

	test('while the server is away the last figures stay, and their age is told, in the colours of a new theme too; then it goes on', async () => {
		const status = await openStatus(chat.siteUrl, admin);
		await soon(() => drawn(status)).toBeGreaterThan(0);
		await chat.node.kill();
		await status.alert.getByText('The server cannot be reached.').waitFor();
		await status.page.getByText(/^These figures came [1-9]\d* seconds? ago\.$/).waitFor();
		expect(await figure(status, 'connections')).toBe(0);
		expect(await rowsOf(status, 'connect-ws')).toHaveLength(1);
		for (const colorScheme of ['light', 'dark'] as const) {
			await status.page.emulateMedia({ colorScheme });
			await soon(() => drawn(status)).toBeGreaterThan(0);
			expect(await axe(status)).toEqual([]);
		}
		const before = await rowsOf(status, 'api');
		await chat.node.start();
		await status.alert.waitFor({ state: 'detached' });
		expect((await rowsOf(status, 'api'))[0]?.[0]).not.toBe(before[0]?.[0]);
	});

	test('who is no administrator sees nothing but that, and logs in as one who is', async () => {
		const api = chat.apiUrl;
		const user = await newUser(api, 'visitor');
		const status = await openStatus(chat.siteUrl, user);
		await status.page.getByText(`You are logged in as ${user.user.name}, who is not an administrator.`).waitFor();
		expect(await status.page.getByRole('table').count()).toBe(0);
		expect(await status.page.getByTestId('figure-connections').count()).toBe(0);
		for (const colorScheme of ['light', 'dark'] as const) {
			await status.page.emulateMedia({ colorScheme });
			expect(await axe(status)).toEqual([]);
		}
		expect(await status.page.getByRole('link', { name: 'Back to the chat' }).getAttribute('href')).toBe('/');

		await status.button('Log in as another').click();
		await status.signedOut();
		await soon(() =>
			listSessions({ api, token: user.token }).then(
				() => 'goes on',
				(error: { code: string }) => error.code,
			),
		).toBe('unauthorized');
		await status.logIn('admin');
		await loaded(status);
	});

	test('a session that has ended leads to the log-in', async () => {
		const user = await newUser(chat.apiUrl, 'visitor');
		const status = await openStatus(chat.siteUrl, { ...user, token: `${user.token.slice(0, -1)}!` });
		await status.signedOut();
	});
});

describe('the status of a cluster', { timeout: 120_000 }, () => {
	let cluster: Cluster;
	beforeAll(async () => {
		// A killed server is known for long enough to be seen not to answer.
		const settings = { 'etcd.lease_seconds': 8 };
		cluster = await startCluster({ connectWs: 2, connectTcp: 0, logic: 1, task: 1, site: 1, settings });
		return () => cluster.stop();
	});

	test('has both connect servers; one that is killed does not answer, and then it is gone', async () => {
		const api = cluster.apiUrl;
		const [here = '', there = ''] = cluster.wsUrls;
		const clients = await Promise.all([here, here, there].map((url) => connected(api, url)));
		await Promise.all(clients.map((client) => client.room(1).join()));
		const status = await openStatus(cluster.siteUrls[0] ?? '', await adminOf(api));
		const servers = async () => {
			const rows = await rowsOf(status, 'connect-ws');
			return Object.fromEntries(
				rows.map(([, answers, , connections, rooms, address]) => [address, [answers, connections, rooms]]),
			);
		};
		await soon(servers).toEqual({ [here]: ['answers', '2', '1'], [there]: ['answers', '1', '1'] });
		await soon(() => figure(status, 'connections')).toBe(3);
		await soon(() => figure(status, 'rooms')).toBe(2);

		await cluster.nodes('connect-ws')[1]?.kill();
		await soon(servers).toEqual({ [here]: ['answers', '2', '1'], [there]: ['does not answer', '–', '–'] });
		expect(await figure(status, 'connections')).toBe(2);
		for (const colorScheme of ['light', 'dark'] as const) {
			await status.page.emulateMedia({ colorScheme });
			expect(await axe(status)).toEqual([]);
		}
		await soon(servers).toEqual({ [here]: ['answers', '2', '1'] });
	});
});
