import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Chat, type Conversation, connect, type Message } from '../../src/client/index.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { type GochatClient, joined, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { historyOf } from '../support/history.ts';

let cluster: Cluster;
beforeAll(async () => {
	cluster = await startCluster({
		connectWs: 2,
		connectTcp: 0,
		logic: 2,
		task: 2,
		settings: { 'connect.heartbeat_ms': 1000 },
	});
});
afterAll(() => cluster.stop());

/** A client that finds its server by the API, and keeps what it sees. */
const open = async (name: string) => {
	const token = await tokenOf(cluster.apiUrl, name);
	const chat = connect({ api: cluster.apiUrl, token, WebSocket, backoff: { maxMs: 500 } });
	const seen: Message[] = [];
	chat.on('message', (message) => seen.push(message));
	await chat.ready;
	return { chat, seen, token };
};

/** Sends one message after the other until it is told to stop; what was accepted. */
const startSending = (conversation: Conversation, name: string) => {
	const accepted = new Map<string, number>();
	let stopped = false;
	const run = (async () => {
		for (let number = 1; !stopped; number += 1) {
			const body = `${name} ${number}`;
			const { seq } = await conversation.send(body);
			accepted.set(body, seq);
			await sleep(2);
		}
	})();
	const stop = async () => {
		stopped = true;
		await run;
		return accepted;
	};
	return { accepted, stop };
};

const isDirect = ({ conv }: { conv: string }) => conv.startsWith('dm:');
const place = ({ seq, id, body }: { seq: number; id: string; body: string }) => `${seq} ${id} ${body}`;

describe('the SDK, when processes are killed in the middle of sends', () => {
	test.for([
		['connect-ws', 7001],
		['logic', 7002],
		['task', 7003],
	] as const)(
		'accepted is delivered, once and in order, though each %s is killed in turn',
		{ timeout: 90_000 },
		async ([module, roomId]) => {
			const ann = await open(`kill-${module}-ann`);
			const annAgain = await open(`kill-${module}-ann`);
			const bob = await open(`kill-${module}-bob`);
			const devices = [ann, annAgain, bob];
			const clients: Chat[] = devices.map(({ chat }) => chat);
			const gochat: GochatClient = await webSocketClient(
				cluster.wsUrls[0] ?? '',
				await tokenOf(cluster.apiUrl, `kill-${module}-old`),
				roomId,
			);
			await joined(gochat, `kill-${module}-old`);
			for (const chat of clients) await chat.room(roomId).join();

			const direct = ann.chat.direct(bob.chat.user?.id ?? '');
			const flows = [
				startSending(ann.chat.room(roomId), 'ann'),
				startSending(annAgain.chat.room(roomId), 'ann again'),
				startSending(bob.chat.room(roomId), 'bob'),
				startSending(direct, 'ann to bob'),
				startSending(bob.chat.conversation(direct.key), 'bob to ann'),
			];
			for (const node of cluster.nodes(module)) {
				const before = flows.map(({ accepted }) => accepted.size);
				await eventually(() =>
					expect(flows.every(({ accepted }, i) => accepted.size > (before[i] ?? 0) + 20)).toBe(true),
				);
				await node.kill();
				const killed = flows.map(({ accepted }) => accepted.size);
				await eventually(
					() => expect(flows.every(({ accepted }, i) => accepted.size > (killed[i] ?? 0) + 20)).toBe(true),
					20_000,
				);
				await node.start();
			}
			const accepted = await Promise.all(flows.map(({ stop }) => stop()));

			for (const [conv, sent] of [
				[`room:${roomId}`, accepted.slice(0, 3)],
				[direct.key, accepted.slice(3)],
			] as const) {
				const log = await historyOf(cluster.apiUrl, ann.token, conv);
				const expected = new Map(sent.flatMap((all) => [...all]));
				expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
				expect(new Map(log.map(({ body, seq }) => [body, seq]))).toEqual(expected);
				expect(log).toHaveLength(expected.size);
				for (const { seen } of devices) {
					const own = () => seen.filter((message) => isDirect(message) === isDirect({ conv })).map(place);
					await eventually(() => expect(own().length).toBeGreaterThanOrEqual(log.length), 20_000);
					expect(own()).toEqual(log.map(place));
				}
			}
			// gochat's protocol knows no resume: a client whose server was not killed has everything.
			if (module !== 'connect-ws') {
				const log = await historyOf(cluster.apiUrl, ann.token, `room:${roomId}`);
				await eventually(() => expect(gochat.received.messages().length).toBeGreaterThanOrEqual(log.length), 20_000);
				expect(gochat.received.messages()).toEqual(log.map(({ body }) => body));
			}
			gochat.close();
			for (const chat of clients) await chat.close();
		},
	);
});
