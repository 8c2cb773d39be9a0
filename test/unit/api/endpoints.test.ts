import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmbeddedRegistry } from '../../../src/adapters/embedded/registry.ts';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import { createEndpoints, type FindEndpoints } from '../../../src/api/endpoints.ts';
import type { Rpc, RpcServer } from '../../../src/ports/rpc.ts';
import type { ServiceRegistry } from '../../../src/ports/service-registry.ts';
import { eventually } from '../../support/eventually.ts';
import { startApi } from './support.ts';

let registry: ServiceRegistry;
let rpc: Rpc;
let find: FindEndpoints;
let closeWatch: () => void;
/** How often each server was asked. */
let asked: Map<string, number>;

beforeEach(async () => {
	registry = createEmbeddedRegistry();
	rpc = createEmbeddedRpc();
	asked = new Map();
	const watch = await registry.watch(['connect-ws', 'connect-tcp']);
	closeWatch = () => watch.close();
	find = createEndpoints({ watch, rpc });
});
afterEach(async () => {
	closeWatch();
	await rpc.close();
	await registry.close();
});

const unused = () => Promise.reject(new Error('not asked here'));

/** Makes a server answer how many connections it has. */
const serve = (serverId: string, connections: () => number | Promise<number>): Promise<RpcServer> =>
	rpc.serve('connect', serverId, {
		'connect.deliver': unused,
		'connect.closeSessions': unused,
		'connect.status': async () => {
			asked.set(serverId, (asked.get(serverId) ?? 0) + 1);
			return { connections: await connections() };
		},
		'connect.stats': unused,
	});

const register = (service: 'connect-ws' | 'connect-tcp', serverId: string, publicUrl: string) =>
	registry.register({ service, serverId, rpc: null, publicUrl, admin: null, version: '1', startedAt: 1 });

const here = { host: 'chat.example:7070', secure: false };
const ids = async () => (await find(here)).map(({ serverId }) => serverId);

describe('the endpoints', () => {
	test('are what discovery knows, the one with the fewest connections first', async () => {
		await register('connect-ws', 'a', 'ws://a.example:7000/ws');
		await register('connect-ws', 'b', 'wss://b.example/ws');
		await register('connect-tcp', 'c', 'tcp://c.example:7001,7002');
		await serve('a', () => 9);
		await serve('b', () => 2);
		await serve('c', () => 5);
		expect(await find(here)).toEqual([
			{ serverId: 'b', protocol: 'ws', url: 'wss://b.example/ws' },
			{ serverId: 'c', protocol: 'tcp', url: 'tcp://c.example:7001' },
			{ serverId: 'a', protocol: 'ws', url: 'ws://a.example:7000/ws' },
		]);
	});

	test('send clients that ask at once to different servers', async () => {
		for (const id of ['a', 'b', 'c']) await register('connect-ws', id, `ws://${id}.example/ws`);
		await serve('a', () => 10);
		await serve('b', () => 10);
		await serve('c', () => 14);
		const first = [];
		for (let client = 0; client < 11; client += 1) first.push((await ids())[0]);
		expect([...first].sort().join('')).toBe('aaaaabbbbbc');
	});

	test('leave out a server that does not answer in time, and wait no longer for it', async () => {
		await register('connect-ws', 'hung', 'ws://hung.example/ws');
		await register('connect-ws', 'dead', 'ws://dead.example/ws');
		await register('connect-ws', 'well', 'ws://well.example/ws');
		let release = (_connections: number) => {};
		await serve(
			'hung',
			() =>
				new Promise<number>((resolve) => {
					release = resolve;
				}),
		);
		await serve('well', () => 1000);
		const start = performance.now();
		expect(await ids()).toEqual(['well']);
		expect(performance.now() - start).toBeLessThan(1000);
		release(0);
	});

	test('are all that discovery knows when none answers', async () => {
		await register('connect-ws', 'a', 'ws://a.example/ws');
		await register('connect-ws', 'b', 'ws://b.example/ws');
		expect(await ids()).toEqual(['a', 'b']);
	});

	test('miss a dead server within 1.5 s although discovery still knows it', async () => {
		await register('connect-ws', 'a', 'ws://a.example/ws');
		await register('connect-ws', 'b', 'ws://b.example/ws');
		const dying = await serve('a', () => 1);
		await serve('b', () => 2);
		expect(await ids()).toEqual(['a', 'b']);
		await dying.close();
		await eventually(async () => expect(await ids()).toEqual(['b']), 1500);
	});

	test('miss a server that left discovery at once, and have a new one at once, as the last choice', async () => {
		const draining = await register('connect-ws', 'a', 'ws://a.example/ws');
		await register('connect-ws', 'b', 'ws://b.example/ws');
		await serve('a', () => 1);
		await serve('b', () => 2);
		expect(await ids()).toEqual(['a', 'b']);
		await draining.deregister();
		await register('connect-ws', 'new', 'ws://new.example/ws');
		await serve('new', () => 0);
		expect(await ids()).toEqual(['b', 'new']);
		await eventually(async () => expect(await ids()).toEqual(['new', 'b']), 1500);
	});

	test('cost each server one question a second, however many clients ask', async () => {
		await register('connect-ws', 'a', 'ws://a.example/ws');
		await serve('a', () => 1);
		const start = performance.now();
		for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 50 }, ids));
		const seconds = Math.floor((performance.now() - start) / 1000);
		expect(asked.get('a')).toBeLessThanOrEqual(1 + seconds);
	});

	test('clients that ask while the servers are being asked wait for the same answers', async () => {
		await register('connect-ws', 'a', 'ws://a.example/ws');
		let answer = (_connections: number) => {};
		const begun = new Promise<void>((resolve) => {
			void serve('a', () => {
				resolve();
				return new Promise<number>((give) => {
					answer = give;
				});
			});
		});
		const first = ids();
		await begun;
		const second = ids();
		answer(1);
		expect(await Promise.all([first, second])).toEqual([['a'], ['a']]);
		expect(asked.get('a')).toBe(1);
	});
});

describe('a server known by a loopback address', () => {
	const urls = async (host: string, secure = false) => (await find({ host, secure })).map(({ url }) => url);
	beforeEach(async () => {
		await register('connect-ws', 'ws', 'ws://127.0.0.1:7000/ws');
		await register('connect-tcp', 'tcp', 'tcp://localhost:7001,7002');
		await serve('ws', () => 1);
		await serve('tcp', () => 2);
	});

	test('is told by the name under which the client found this machine', async () => {
		expect(await urls('192.168.1.5:7070')).toEqual(['ws://192.168.1.5:7000/ws', 'tcp://192.168.1.5:7001']);
		expect(await urls('[fd00::5]:7070')).toEqual(['ws://[fd00::5]:7000/ws', 'tcp://[fd00::5]:7001']);
		expect(await urls('chat.example', true)).toEqual(['wss://chat.example:7000/ws', 'tcp://chat.example:7001']);
	});

	test.each(['127.0.0.1:7070', 'localhost:7070', '[::1]:7070', '', 'a b', 'evil.example/x', 'a@b'])(
		'is told as it is to a client that came by "%s"',
		async (host) => {
			expect(await urls(host)).toEqual(['ws://127.0.0.1:7000/ws', 'tcp://localhost:7001']);
		},
	);
});

describe('GET /v2/endpoints', () => {
	test('needs no token, and answers by the host of the request', async () => {
		await register('connect-ws', 'a', 'ws://127.0.0.1:7000/ws');
		await serve('a', () => 1);
		const api = await startApi({}, { endpoints: find });
		const url = async (headers: Record<string, string> = {}) => {
			const { status, answer } = await api.ask('GET', '/v2/endpoints', { headers });
			expect(status).toBe(200);
			return answer;
		};
		const items = (told: string) => ({ items: [{ serverId: 'a', protocol: 'ws', url: told }] });
		expect(await url()).toEqual(items('ws://127.0.0.1:7000/ws'));
		const forwarded = { 'x-forwarded-host': 'chat.example', 'x-forwarded-proto': 'https' };
		expect(await url(forwarded)).toEqual(items('wss://chat.example:7000/ws'));
		await api.close();
	});
});
