import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createServer, connect as openSocket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createApiModule } from '../../../src/api/module.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { moduleContext } from '../site/module-context.ts';

const running: StartedModule[] = [];
afterEach(async () => {
	for (const module of running.splice(0)) await module.stop();
});

const start = async (options: Parameters<typeof moduleContext>[0]) => {
	const module = await (await createApiModule(await moduleContext(options))).start();
	running.push(module);
	return module;
};

test('tells the URL by which others reach it, or the configured one', async () => {
	expect((await start({})).publicUrl).toMatch(/^http:\/\/chat\.example:[1-9][0-9]+$/);
	expect((await start({ public_url: 'https://api.example' })).publicUrl).toBe('https://api.example');
});

test('is ready when logic answers, and names logic when it does not', async () => {
	let gone = false;
	const api = await start({
		call: async () => {
			if (gone) throw new ChatError('unavailable');
			return { heads: [] };
		},
	});
	expect(await api.notReady()).toEqual([]);
	gone = true;
	expect(await api.notReady()).toEqual(['logic']);
});

test('a port in use is the system’s own error, with the port in it', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	const { port } = other.address() as { port: number };
	await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
	other.close();
});

test('a stop answers the request under way, then takes no more', async () => {
	let finish = () => {};
	let asked = () => {};
	const begun = new Promise<void>((resolve) => {
		asked = resolve;
	});
	const api = await start({
		advertiseHost: '127.0.0.1',
		call: () =>
			new Promise((resolve) => {
				finish = () => resolve({ token: 'new', user: { id: 1, name: 'ada' } });
				asked();
			}),
	});
	const body = JSON.stringify({ userName: 'ada', passWord: 'secret' });
	const answer = fetch(`${api.publicUrl}/user/login`, { method: 'POST', body });
	await begun;
	const stopped = api.stop();
	finish();
	expect(await (await answer).json()).toMatchObject({ code: 0, data: 'new' });
	await stopped;
	await expect(fetch(`${api.publicUrl}/user/login`, { method: 'POST', body })).rejects.toThrow();
});

test.each([
	['/nowhere', 200],
	['/docs/json', 200],
	['/docs/nothing', 404],
])(
	'a stop answers what comes over connections that were kept alive (%s), and has them closed',
	async (path, status) => {
		const api = await start({ advertiseHost: '127.0.0.1' });
		const socket = openSocket(Number(new URL(api.publicUrl ?? '').port), '127.0.0.1');
		let answers = '';
		socket.setEncoding('utf8').on('data', (text) => {
			answers += text;
		});
		const closed = once(socket, 'close');
		const ask = () => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
		ask();
		await once(socket, 'data');
		expect(answers).toMatch(/keep-alive: timeout=4\r\n/i);
		answers = '';
		const stopped = api.stop();
		ask();
		await closed;
		expect(answers).toMatch(new RegExp(`HTTP/1.1 ${status} .*connection: close`, 'is'));
		await stopped;
	},
);

test('a stop of one of several leaves idle connections to clients that heed how long they are kept', async () => {
	const api = await start({ advertiseHost: '127.0.0.1', alone: false, stopTimeoutMs: 20_000 });
	// As Node’s global agent.
	const agent = new Agent({ keepAlive: true, timeout: 5000 });
	const request = get(api.publicUrl ?? '', { agent }, (answer) => answer.resume());
	const [socket] = await once(request, 'socket');
	let cut = false;
	socket.once('end', () => {
		cut = true;
	});
	const closed = once(socket, 'close');
	await once(agent, 'free');
	await api.stop();
	await closed;
	expect(cut).toBe(false);
});

test('a client that never finishes its request does not hold up a stop', async () => {
	const api = await start({ advertiseHost: '127.0.0.1', stopTimeoutMs: 200 });
	const socket = openSocket(Number(new URL(api.publicUrl ?? '').port), '127.0.0.1');
	socket.on('error', () => {});
	await once(socket, 'connect');
	socket.write('POST /user/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
	const closed = once(socket, 'close');
	// An answer to another client shows that the server has read the first one's bytes.
	await (await fetch(`${api.publicUrl}/`)).text();
	await api.stop();
	await closed;
});
