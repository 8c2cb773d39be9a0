import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commandLine, main, set } from '../support/command-line.ts';
import { type RunningProcess, startProcess } from '../support/processes.ts';

const { folder, alone } = commandLine('cli-process');
afterAll(folder.remove);

describe('a process that runs', () => {
	const start = async (
		name: string,
		settings: Record<string, string | number> = {},
		env: Record<string, string> = {},
	) => {
		const args = [main, ...set({ ...alone(name), ...settings })];
		const node = startProcess(process.execPath, args, { cwd: folder.path, env });
		await node.outputMatching(/ready in \d+ ms/);
		return node;
	};

	const addressIn = (node: RunningProcess, pattern: RegExp): string => pattern.exec(node.output())?.[1] ?? '';

	/** What was logged, as `module: message`. */
	const logged = (node: RunningProcess, messages: readonly string[]): string[] =>
		node
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'))
			.map((line) => JSON.parse(line))
			.filter(({ msg }) => messages.includes(msg))
			.map(({ module, msg }) => `${module}: ${msg}`);

	const order = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'];

	test('tells the person where everything is', async () => {
		const node = await start('banner');
		expect(node.output()).toMatch(/site +http:\/\/localhost:\d+\n/);
		expect(node.output()).toMatch(/api +http:\/\/localhost:\d+\n/);
		expect(node.output()).toMatch(/connect-ws +ws:\/\/localhost:\d+\/ws\n/);
		expect(node.output()).toMatch(/connect-tcp +tcp:\/\/localhost:\d+\n/);
		expect(node.output()).toContain(join(folder.path, 'banner.db'));
		expect(node.output()).toContain('demo, test, admin');
		await node.stop();
	});

	test('does not count the time in which npm start built the program', async () => {
		const build = 'setTimeout(() => { performance.mark("tschat-built"); import(process.argv[1]); }, 3000)';
		const began = performance.now();
		const node = startProcess(process.execPath, ['--eval', build, '--', main, ...set(alone('built'))], {
			cwd: folder.path,
		});
		await node.outputMatching(/ready in \d+ ms/);
		const told = Number(addressIn(node, /ready in (\d+) ms/));
		expect(told).toBeGreaterThan(0);
		expect(told).toBeLessThan(performance.now() - began - 2900);
		await node.stop();
	});

	test.each(['SIGTERM', 'SIGINT'] as const)(
		'%s stops the modules in reverse order, with exit code 0',
		async (signal) => {
			const node = await start(signal);
			node.signal(signal);
			expect(await node.exited).toBe(0);
			expect(logged(node, ['started'])).toEqual(order.map((name) => `${name}: started`));
			expect(logged(node, ['deregistered', 'stopped'])).toEqual(
				order.toReversed().flatMap((name) => [`${name}: deregistered`, `${name}: stopped`]),
			);
		},
	);

	test('a signal while it starts stops what has started, with exit code 0', async () => {
		const node = startProcess(process.execPath, [main, ...set(alone('early'))], { cwd: folder.path });
		await node.outputMatching(/"module":"logic".*started/);
		node.signal('SIGTERM');
		expect(await node.exited).toBe(0);
		const ups = logged(node, ['started']);
		expect(logged(node, ['stopped'])).toEqual(ups.map((line) => line.replace('started', 'stopped')).toReversed());
	});

	test('health is answered, readiness names what is missing, and nothing else is served', async () => {
		const node = await start('health');
		const admin = addressIn(node, /(http:\S+)\/readyz/);
		const [health, ready, other] = await Promise.all(
			['/healthz', '/readyz', '/other'].map(async (path) => {
				const response = await fetch(admin + path);
				return [response.status, await response.json()];
			}),
		);
		expect([health, ready, other]).toEqual([
			[200, { status: 'ok' }],
			[200, { status: 'ready' }],
			[404, { status: 'not found' }],
		]);
		await node.stop();
	});

	test('works without the admin port when another program has it, and says so', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as { port: number };
		const node = await start('admin', { 'admin.port': port });
		expect(node.output()).toContain(`no admin server: port ${port} is in use`);
		other.close();
		await node.stop();
	});

	/** A client that never answers, so that a stop has to wait for it. */
	const stubbornClient = async (node: RunningProcess) => {
		const socket = connect(Number(addressIn(node, /ws:\/\/localhost:(\d+)/)), '127.0.0.1');
		socket.on('error', () => {});
		socket.write(
			'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
				'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
		);
		await once(socket, 'data');
		return socket;
	};

	test('the second SIGINT that npm makes of one Ctrl-C does not cut the stop short', async () => {
		const node = await start('echo');
		const socket = await stubbornClient(node);
		node.signal('SIGINT');
		node.signal('SIGINT');
		expect(await node.exited).toBe(0);
		expect(logged(node, ['stopped'])).toHaveLength(order.length);
		socket.destroy();
	});

	test('a second signal ends a stop that takes long at once, with exit code 1', async () => {
		const node = await start('impatient');
		const socket = await stubbornClient(node);
		const insisting = setInterval(() => node.signal('SIGTERM'), 50);
		expect(await node.exited).toBe(1);
		clearInterval(insisting);
		expect(node.output()).toMatch(/tschat: second SIGTERM: ended without waiting for connect-ws, .*task.*\n/);
		socket.destroy();
	});

	test('a stop that takes longer than allowed ends with exit code 1 and names what did not stop', async () => {
		const node = await start('slow', { 'server.stop_timeout_ms': 200 });
		const socket = await stubbornClient(node);
		node.signal('SIGTERM');
		expect(await node.exited).toBe(1);
		expect(node.output()).toMatch(/tschat: not stopped within 200 ms: connect-ws, .*\n/);
		socket.destroy();
	});

	test.each(
		[
			["throw(Error('broken'))", 'uncaught exception'],
			["Promise.reject(Error('broken'))", 'unhandled rejection'],
		].map(([fault = '', name = '']) => [name, fault]),
	)('an %s is logged, and stops it in order with exit code 1', async (_, fault) => {
		const code = encodeURIComponent(`process.once('SIGUSR2',()=>{${fault}})`);
		const node = await start('fault', {}, { NODE_OPTIONS: `--import=data:text/javascript,${code}` });
		node.signal('SIGUSR2');
		expect(await node.exited).toBe(1);
		expect(node.output()).toContain('tschat: unexpected error, stopping: broken\n');
		expect(logged(node, ['unexpected error, stopping'])).toEqual(['all: unexpected error, stopping']);
		expect(logged(node, ['stopped'])).toHaveLength(order.length);
	});
});
