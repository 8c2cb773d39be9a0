import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { bare } from '../bench/targets/bare.ts';
import { givenTarget } from '../bench/targets/given.ts';
import { sample, usageBetween } from '../bench/targets/processes.ts';
import { socketio } from '../bench/targets/socketio.ts';
import { clusterStarts, embeddedStarts, timeToReady } from '../bench/targets/start-times.ts';
import type { BenchUser, DialectName, HttpPost, RunningTarget, TargetKind } from '../bench/targets/target.ts';
import { tschatCluster } from '../bench/targets/tschat-cluster.ts';
import { tschatEmbedded } from '../bench/targets/tschat-embedded.ts';
import { temporaryFolder } from '../support/processes.ts';
import { Watched } from '../support/watched.ts';

const folder = temporaryFolder('targets');
afterAll(folder.remove);

const room = 7;

class Client extends Watched {
	readonly #frames: string[] = [];
	readonly #socket: WebSocket;

	constructor(url: string) {
		super();
		this.#socket = new WebSocket(url);
		this.#socket.on('message', (data) => {
			this.#frames.push(String(data));
			this.changed();
		});
	}

	async opened(): Promise<void> {
		await once(this.#socket, 'open');
	}

	send(text: string): void {
		this.#socket.send(text);
	}

	/** Resolves when the server has read what was sent. */
	async pong(): Promise<void> {
		this.#socket.ping();
		await once(this.#socket, 'pong');
	}

	/** Resolves when a frame has come with this text in it. */
	async got(text: string): Promise<void> {
		await this.until(() => this.#frames.find((frame) => frame.includes(text)), text);
	}

	close(): void {
		this.#socket.terminate();
	}
}

/** How a client gets into the room, and its own messages. */
const enter: Readonly<Partial<Record<DialectName, (client: Client, user: BenchUser) => Promise<void>>>> = {
	gochat: async (client, { token, name }) => {
		client.send(JSON.stringify({ authToken: token, roomId: room }));
		await client.got(`"${name}"`);
	},
	socketio: async (client, { id }) => {
		client.send('40');
		await client.got('40{');
		client.send(`42["join","room:${room}"]`);
		client.send(`42["join","user:${id}"]`);
		await client.pong();
	},
	bare: async (client, { id }) => {
		client.send(`join ${room} ${id}`);
		await client.pong();
	},
};

const post = async (target: RunningTarget, { path, headers, body }: HttpPost) => {
	const response = await fetch(target.http + path, { method: 'POST', headers, body });
	expect(response.status).toBe(200);
	expect(response.headers.get('content-length')).not.toBeNull();
	await response.text();
};

/** A client in the room and one more user: a message to the room and one to the client arrive. */
const expectToCarry = async (target: RunningTarget): Promise<void> => {
	const [dialect = 'bare'] = target.dialects;
	const [reader, writer] = await target.users(2);
	if (reader === undefined || writer === undefined) throw new Error('there are too few users');
	const client = new Client(target.sockets[0] ?? '');
	try {
		await client.opened();
		await enter[dialect]?.(client, reader);
		await post(target, target.roomPost(writer, room, '~1~0000000000000001~to the room'));
		await client.got('~1~0000000000000001~to the room');
		await post(target, target.userPost(writer, reader, '~2~0000000000000002~to the user'));
		await client.got('~2~0000000000000002~to the user');
	} finally {
		client.close();
	}
};

describe.each<readonly [TargetKind, readonly string[]]>([
	[bare, ['bare']],
	[socketio, ['socketio', 'redis-server']],
	[tschatEmbedded, ['tschat']],
	[tschatCluster, ['api', 'logic', 'task', 'connect-ws', 'connect-ws-1', 'redis-server', 'etcd']],
])('$name', (kind, names) => {
	test('starts, carries messages to a room and to a user, and leaves no process when it is stopped', async () => {
		const target = await kind.start({ folder: folder.path, connectServers: 2 });
		const processes = target.processes();
		const before = sample(processes);
		try {
			expect(target.name).toBe(kind.name);
			expect(processes.map(({ name }) => name)).toEqual(names);
			expect(target.sockets).toHaveLength(names.includes('connect-ws-1') ? 2 : 1);
			await expectToCarry(target);
			for (const usage of usageBetween(processes, before, sample(processes))) {
				expect(usage).toEqual({ name: usage.name, cpu_seconds: expect.any(Number), rss_bytes: expect.any(Number) });
				expect(usage.cpu_seconds).toBeGreaterThanOrEqual(0);
				expect(usage.rss_bytes).toBeGreaterThan(1_000_000);
			}
		} finally {
			await target.stop();
		}
		for (const { pid } of processes) expect(existsSync(`/proc/${pid}`)).toBe(false);
		expect(usageBetween(processes, before, sample(processes))).toEqual(
			names.map((name) => ({ name, cpu_seconds: 0, rss_bytes: 0, gone: true })),
		);
	});
});

test('more users are asked for at once: the first ones are the same, and no two are', async () => {
	const target = await tschatEmbedded.start({ folder: folder.path, connectServers: 1 });
	try {
		const [few, many] = await Promise.all([target.users(3), target.users(50)]);
		expect(many.slice(0, 3)).toEqual(few);
		expect(new Set(many.map(({ token }) => token)).size).toBe(50);
		expect(new Set(many.map(({ id }) => id)).size).toBe(50);
	} finally {
		await target.stop();
	}
});

test('a server that somebody else runs is measured by its addresses, with users that stay from run to run', async () => {
	const server = await tschatEmbedded.start({ folder: folder.path, connectServers: 1 });
	try {
		const kind = givenTarget(`other=${server.http}/,${server.sockets[0]}`);
		const target = await kind.start({ folder: folder.path, connectServers: 1 });
		expect(target.name).toBe('other');
		expect(target.processes()).toEqual([]);
		await expectToCarry(target);
		const again = await (await kind.start({ folder: folder.path, connectServers: 1 })).users(2);
		expect(again.map(({ id }) => id)).toEqual((await target.users(2)).map(({ id }) => id));
	} finally {
		await server.stop();
	}
});

test.each([
	'http://127.0.0.1:1,ws://127.0.0.1:2',
	'gochat=http://127.0.0.1:1',
	'gochat=ws://127.0.0.1:2,http://127.0.0.1:1',
	'',
])('the address "%s" is refused with what one looks like', (text) =>
	expect(() => givenTarget(text)).toThrow('like gochat=http://'),
);

test('how long starting takes is told for the one process and for each module', async () => {
	const { first, later } = await embeddedStarts(folder.path);
	const cluster = await clusterStarts(folder.path);
	expect(cluster.map(({ name }) => name)).toEqual(['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site']);
	for (const { readyMs, answerMs } of [first, later, ...cluster]) {
		expect(readyMs).toBeGreaterThan(10);
		expect(answerMs).toBeGreaterThan(10);
	}
}, 60_000);

test('a start that fails is told with what the program said', async () => {
	await expect(timeToReady([], { 'api.prot': 1 })).rejects.toThrow(/api\.port/);
});
