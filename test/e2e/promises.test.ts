import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { type Flow, seen, startFlow } from '../support/flow.ts';
import { type GochatClient, joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';

let cluster: Cluster;
let token: string;
let roomId = 100;
let readers: GochatClient[];
let flow: Flow;

beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 2, task: 2 });
	token = await tokenOf(cluster.apiUrl, 'ann');
});
afterAll(() => cluster.stop());

beforeEach(async () => {
	roomId += 1;
	readers = await Promise.all([
		webSocketClient(cluster.wsUrls[0] ?? '', token, roomId),
		webSocketClient(cluster.wsUrls[1] ?? '', token, roomId),
		tcpClient(cluster.tcpPorts[0]?.[0] ?? 0, token, roomId),
	]);
	await Promise.all(readers.map((reader) => joined(reader, 'ann')));
	flow = startFlow(cluster.apiUrl, token, roomId);
	await flow.more(50);
});
afterEach(() => {
	for (const reader of readers) reader.close();
});

/** Opens a WebSocket, sends one frame, and waits until the server closes it. */
const throwAt = async (url: string, data: string | Buffer): Promise<void> => {
	const socket = new WebSocket(url);
	socket.on('error', () => {});
	socket.on('open', () => socket.send(data));
	await once(socket, 'close');
};

/** Sends bytes to a port, each piece over a connection of its own; waits until all are closed. */
const throwBytesAt = async (port: number, pieces: readonly Buffer[]): Promise<void> => {
	for (const bytes of pieces) {
		const socket = connect(port, '127.0.0.1');
		socket.on('error', () => {});
		socket.resume();
		socket.end(bytes);
		await once(socket, 'close');
	}
};

const history = async (): Promise<string[]> => {
	const bodies: string[] = [];
	for (;;) {
		const response = await fetch(
			`${cluster.apiUrl}/v2/conversations/room:${roomId}/messages?after=${bodies.length}&limit=200`,
			{ headers: { authorization: `Bearer ${token}` } },
		);
		const page = (await response.json()) as { items: { seq: number; body: string }[]; more: boolean };
		for (const { seq, body } of page.items) {
			expect(seq).toBe(bodies.length + 1);
			bodies.push(body);
		}
		if (!page.more) return bodies;
	}
};

/** The flow ends; the log holds what was accepted and nothing else; these readers saw all of it, once and in the log's order. */
const nothingIsLost = async (followers: readonly GochatClient[]): Promise<void> => {
	await flow.stop();
	const log = await history();
	expect(new Set(log)).toEqual(flow.accepted);
	expect(log.length).toBe(flow.accepted.size);
	for (const { received } of followers) {
		const { bodies, inOrder } = await seen(received, flow.accepted);
		expect(inOrder).toBe(true);
		expect(bodies).toEqual(log);
	}
};

describe('P1, P2, P4: what was accepted is delivered once, in one order, to all readers', () => {
	test('while a task process is killed', async () => {
		const [task] = cluster.nodes('task');
		await task?.kill();
		await flow.more(100);
		await task?.start();
		await flow.more(100);
		await nothingIsLost(readers);
	});

	test('while both logic processes are killed, one after the other', async () => {
		for (const logic of cluster.nodes('logic')) {
			await logic.kill();
			await flow.more(20);
			await logic.start();
			await flow.more(50);
		}
		await nothingIsLost(readers);
	});

	test('while a connect server is killed: readers of the others miss nothing, its own find everything in the history', async () => {
		const [connectWs] = cluster.nodes('connect-ws');
		await connectWs?.kill();
		await flow.more(100);
		await connectWs?.start();
		const again = await webSocketClient(cluster.wsUrls[0] ?? '', token, roomId);
		await joined(again, 'ann');
		await flow.more(50);
		await nothingIsLost(readers.slice(1));
		await again.received.message([...flow.accepted].at(-1) ?? '');
		again.close();
	});

	test('while Redis is killed and comes back empty', async () => {
		await cluster.redis.kill();
		await flow.more(100);
		await cluster.redis.restart();
		await flow.more(100);
		await nothingIsLost(readers);
	});
});

describe('P3: sending is idempotent', () => {
	test('a message that is sent twice under one ref, at once and later, is one message', async () => {
		const send = () =>
			post(cluster.apiUrl, '/push/pushRoom', { authToken: token, msg: 'once', roomId, ref: `r-${roomId}` });
		const answers = await Promise.all([send(), send(), send()]);
		answers.push(await send());
		expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
		await flow.stop();
		expect((await history()).filter((body) => body === 'once')).toEqual(['once']);
	});
});

describe('P7: nothing that is sent takes a process down or stops others', () => {
	test('garbage at every border: HTTP, WebSocket, TCP, RPC and the queue', async () => {
		const garbage = Array.from({ length: 60 }, (_, index) => randomBytes(1 + index * 7));
		const texts = [
			'',
			'{',
			'null',
			'[]',
			'{"op":3}',
			'{"authToken":{}}',
			'{"jsonrpc":"2.0","method":"logic.send","id":1}',
			'\u0000',
		];
		const { kvs } = JSON.parse(await cluster.etcd.ctl('get', '--prefix', '/tschat/services/', '-w', 'json')) as {
			kvs: { value: string }[];
		};
		const instances = kvs.map(
			({ value }) => JSON.parse(Buffer.from(value, 'base64').toString()) as { rpc: string | null },
		);
		const rpcPorts = instances.flatMap(({ rpc }) => (rpc === null ? [] : [Number(new URL(rpc).port)]));
		expect(rpcPorts.length).toBe(5);

		for (const text of texts) {
			for (const path of ['/user/login', '/push/pushRoom', '/push/push', '/nowhere']) {
				await fetch(cluster.apiUrl + path, { method: 'POST', body: text }).then((answer) => answer.text());
			}
			for (const url of cluster.wsUrls) await throwAt(url, text);
		}
		for (const bytes of garbage) {
			for (const url of cluster.wsUrls) await throwAt(url, bytes);
		}
		const ports = [...cluster.tcpPorts.flat(), ...rpcPorts, Number(new URL(cluster.apiUrl).port)];
		await Promise.all(
			ports.map((port) => throwBytesAt(port, [...garbage, Buffer.from('v1\0\0'), Buffer.from('v1\xff\xff', 'latin1')])),
		);
		const redis = new Redis(cluster.redis.url);
		await redis.lpush('tschat:{queue}:items', ...texts, ...garbage);
		await redis.quit();

		await flow.more(100);
		await nothingIsLost(readers);
		for (const name of ['api', 'logic', 'task', 'connect-ws', 'connect-tcp']) {
			for (const { process } of cluster.nodes(name)) expect(process.output()).not.toMatch(/uncaught|unhandled/i);
		}
	});
});

describe('P9: outages of what is around the cluster', () => {
	test('etcd away for longer than its leases changes nothing, and new servers are found after it', async () => {
		await cluster.etcd.stop();
		await flow.more(300);
		// What is tested is the passing of time itself: two leases of 2 s.
		await new Promise((resolve) => setTimeout(resolve, 5000));
		await flow.more(100);
		await cluster.etcd.start();
		const [, logic] = cluster.nodes('logic');
		await logic?.process.stop();
		await logic?.start();
		await flow.more(100);
		await nothingIsLost(readers);
	});

	test('Redis away delays delivery and nothing else', async () => {
		await cluster.redis.kill();
		await flow.more(100);
		const late = await webSocketClient(cluster.wsUrls[1] ?? '', token, roomId);
		await flow.more(50);
		await flow.stop();
		const last = [...flow.accepted].at(-1) ?? '';
		await late.received.message(last);
		await nothingIsLost(readers);
		late.close();
		await cluster.redis.restart();
	});
});
