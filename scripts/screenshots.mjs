// `npm run screenshots`: writes docs/images/*.png, the page's main states, on a server with data of its own and a small
// story (screenshot-story.mjs). Takes about a minute and a half: the plots of the status need some history.
import './build-if-stale.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { bundle } from './bundle.mjs';
import { findProgram } from './find-program.mjs';
import { conversations, now, people } from './screenshot-story.mjs';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tschat-screenshots-'));
const images = process.argv[2] ?? join(root, 'docs', 'images');
const password = '111111';
/** How long there is talk before the status is shown. */
const talkMs = 60_000;

const { connect, openRoom, register, signIn } = await import('../dist/client/index.js');
// There it finds better-sqlite3.
const storeFolder = join(root, 'node_modules/.cache/tschat-screenshots');
await bundle(['src/adapters/sql/open-sql-store.ts'], storeFolder);
const { openSqlStore } = await import(pathToFileURL(join(storeFolder, 'open-sql-store.js')).href);

const freePort = () =>
	new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});

const startServer = async () => {
	const [site, api, ws, tcp1, tcp2] = await Promise.all(Array.from({ length: 5 }, freePort));
	const settings = {
		'site.port': site,
		'api.port': api,
		'connect_ws.port': ws,
		'connect_tcp.ports': `${tcp1},${tcp2}`,
		'store.url': `sqlite:${folder}/tschat.db`,
		'log.level': 'warn',
	};
	const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
	const child = spawn(process.execPath, [join(root, 'dist', 'main.js'), ...flags], { stdio: ['ignore', 'pipe', 2] });
	process.once('exit', () => {
		child.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	await new Promise((resolve, reject) => {
		child.once('exit', () => reject(new Error('the server ended')));
		child.stdout.on('data', (chunk) => /ready in/.test(chunk) && resolve());
	});
	return { site: `http://127.0.0.1:${site}`, api: `http://127.0.0.1:${api}` };
};

/** The key of a conversation of the story. */
const keyOf = async ({ api, sessions }, { room, between }) => {
	if (between !== undefined) {
		const ids = between.map((name) => Number(sessions.get(name).user.id)).sort((a, b) => a - b);
		return `dm:${ids.join(':')}`;
	}
	const { conv } = await openRoom({ api, token: sessions.values().next().value.token, name: room });
	return conv;
};

/** Puts the story into the store, with its own times: nobody can say what was said yesterday. */
const tell = async (chat) => {
	const store = await openSqlStore({ url: `sqlite:${folder}/tschat.db`, poolSize: 1, durability: 'process' });
	const userOf = (name) => ({ id: Number(chat.sessions.get(name).user.id), name });
	let count = 0;
	for (const conversation of conversations) {
		const { between, members = between, lines, unread = 0 } = conversation;
		const conv = await keyOf(chat, conversation);
		if (between === undefined)
			for (const name of members) await store.joinRoom(userOf(name).id, conv, lines[0][1] - 60_000);
		const messages = lines.map(([name, at, body]) => {
			count += 1;
			const to = between === undefined ? null : userOf(between.find((other) => other !== name));
			return {
				...{ conv, from: userOf(name), to, kind: 'text', body, at, ref: `story-${count}` },
				id: String(7_250_000_000_000_000_000n + BigInt(count)),
				inboxes: to === null ? [] : [userOf(name).id, to.id],
			};
		});
		await store.append(messages);
		const marks = members.map((name, index) => ({
			...{ userId: userOf(name).id, conv, delivered: lines.length },
			// The other one has not read the very last of a direct conversation.
			read: lines.length - (index === 0 ? unread : between === undefined ? 0 : 1),
		}));
		await store.mark(marks);
	}
	await store.close();
};

const server = await startServer();
const sessions = new Map();
for (const name of people)
	sessions.set(name, await register({ api: server.api, name, password, device: 'Firefox on Linux' }));
const chat = { ...server, sessions };
await tell(chat);

const online = (session) => connect({ api: chat.api, ...session, WebSocket });
const others = new Map(['bob', 'carol'].map((name) => [name, online(sessions.get(name))]));
await Promise.all([...others.values()].map((other) => other.ready));
const release = await keyOf(chat, conversations[0]);
for (const other of others.values()) await other.conversation(release).join();

/** Talk for the plots of the status, now more and now less. */
const talk = async () => {
	const room = others.get('bob').room(99);
	for (const other of others.values()) await other.room(99).join();
	const end = performance.now() + talkMs;
	for (let index = 0; performance.now() < end; index += 1) {
		await room.send(`message ${index}`);
		await pause(20 + 60 * (1 + Math.sin(index / 60)));
	}
	await room.leave();
};
const talked = talk();

const browser = await chromium.launch({
	executablePath: findProgram('chromium'),
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});

/** A page of somebody who is logged in, at a conversation or another place; its clock stands at the story's end unless told. */
const open = async ({ session, place = '', time = now, ...options }) => {
	const context = await browser.newContext({
		...{ viewport: { width: 1280, height: 800 }, locale: 'en', timezoneId: 'UTC', reducedMotion: 'reduce' },
		...options,
	});
	context.setDefaultTimeout(20_000);
	if (session !== undefined) {
		await context.addInitScript((kept) => localStorage.setItem('tschat.session', kept), JSON.stringify(session));
	}
	const page = await context.newPage();
	if (time !== null) await page.clock.setFixedTime(time);
	await page.goto(`${chat.site}${place}`);
	return page;
};

const shoot = async (page, name) => {
	// What is under way is finished: fonts, pictures, and what fades in.
	await page.evaluate(async () => {
		await document.fonts.ready;
		await Promise.all([...document.images].map((image) => image.decode()));
		await Promise.all(document.getAnimations().map(({ finished }) => finished));
	});
	await page.screenshot({ path: join(images, `${name}.png`) });
	process.stderr.write(`${name}.png\n`);
	await page.context().close();
};

/** Waits for the last message of a conversation of the story, rendered. */
const showsEnd = async (page, { lines }) => {
	await page.locator(`[data-testid=message][data-seq="${lines.length}"]`).waitFor();
	await page.locator('[data-testid=connection][data-state=online]').waitFor({ state: 'attached' });
};

const ann = sessions.get('ann');
const [releaseStory, bobStory, sharingStory] = conversations;
const placeOf = async (story) => `/#${await keyOf(chat, story)}`;

await shoot(await open({}), 'sign-in');

for (const [name, colorScheme] of [
	['chat', 'light'],
	['chat-dark', 'dark'],
]) {
	const page = await open({ session: ann, place: await placeOf(releaseStory), colorScheme });
	await showsEnd(page, releaseStory);
	others.get('bob').conversation(release).typing();
	await page.getByTestId('typing').getByText('bob').waitFor();
	await shoot(page, name);
}

const direct = await open({ session: ann, place: await placeOf(bobStory) });
await showsEnd(direct, bobStory);
await direct.getByRole('textbox', { name: 'Message to bob' }).fill('Shall we meet at **12:30**?');
await shoot(direct, 'direct');

const narrow = await open({ session: ann, place: await placeOf(releaseStory), viewport: { width: 360, height: 740 } });
await showsEnd(narrow, releaseStory);
await shoot(narrow, 'narrow');

const settings = await open({ session: ann, place: await placeOf(bobStory) });
await showsEnd(settings, bobStory);
await settings.getByRole('button', { name: 'Account of ann' }).click();
await settings.getByRole('menuitem', { name: 'Settings' }).click();
await settings.getByRole('dialog', { name: 'Settings' }).getByText('Firefox on Linux').first().waitFor();
await shoot(settings, 'settings');

const chinese = await open({ session: sessions.get('李明'), place: await placeOf(sharingStory), locale: 'zh-CN' });
await showsEnd(chinese, sharingStory);
await shoot(chinese, 'chinese');

await talked;
const admin = await signIn({ api: chat.api, name: 'admin', password });
// Its samples are of these minutes.
const status = await open({ session: admin, place: '/status', time: null });
await status.getByTestId('figure-connections').waitFor();
await status.getByRole('figure').locator('canvas').last().waitFor();
// Its first answer may come before the end of a sample.
await status.waitForResponse(/\/v2\/status$/);
await shoot(status, 'status');

await Promise.all([...others.values()].map((other) => other.close()));
await browser.close();
process.exit(0);
