import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type ConnectOptions, connect } from '../../../src/client/index.ts';
import { type Witness, witness } from '../../support/sdk-client.ts';
import { type Peer, startPeer, welcome } from './peer.ts';

const toStop: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const stop of toStop.splice(0).reverse()) await stop();
});

/** Accepts connections and never says a word, as the kernel does for a process that was stopped. */
const startHung = async (): Promise<{ readonly url: string }> => {
	const sockets: Socket[] = [];
	const server = createServer((socket) => {
		sockets.push(socket.on('error', () => {}));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	toStop.push(async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	});
	return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const peerThat = async (greet: (peer: Peer, connection: number) => void): Promise<Peer> => {
	const peer = await startPeer(greet);
	toStop.push(() => peer.stop());
	return peer;
};
const greet = (peer: Peer, heartbeat = welcome.heartbeat) => {
	peer.say({ ...welcome, heartbeat });
	peer.say({ type: 'resumed' });
};
const startGood = () => peerThat((self) => greet(self));
/** Takes connections, and never answers a hello. */
const startMute = () => peerThat(() => {});
/** Welcomes one client, with the heartbeat of a real server, and says no more to anybody. */
const startHangingOnceOnline = () => {
	let frames = 0;
	return peerThat((self) => {
		frames += 1;
		if (frames === 1) greet(self, 4000);
	});
};
const closedUrl = async () => {
	const { url, stop } = await startPeer(() => {});
	await stop();
	return url;
};

const connectTo = (urls: string[], options: Partial<ConnectOptions> = {}): Witness => {
	const chat = connect({ urls, token: 'token', WebSocket, ...options });
	toStop.push(() => chat.close());
	return witness(chat);
};

const recoveryMs = 10_000;
const online = ({ events }: Witness) => events.state.filter((state) => state === 'online').length;

describe('a server that hangs', () => {
	test('before the handshake, or before the welcome, is left for the next one within ten seconds', async () => {
		const good = [await startGood(), await startGood()];
		const clients = [await startHung(), await startMute()].map(({ url }, index) =>
			connectTo([url, good[index]?.url ?? '']),
		);
		await Promise.all(clients.map((client) => client.until(() => online(client) === 1, 'online', recoveryMs)));
		for (const { events } of clients) expect(events.error).toEqual([]);
	});

	test('while the client is connected is left for the next one within ten seconds, and tried last from then on', async () => {
		const good = await startGood();
		const hanging = await startHangingOnceOnline();
		const client = connectTo([hanging.url, good.url]);
		await client.until(() => online(client) === 1, 'online');
		await client.until(() => online(client) === 2, 'online on the other one', recoveryMs);
		good.close(1011);
		await client.until(() => online(client) === 3, 'online again');
		expect(hanging.arrivals).toHaveLength(1);
		expect(good.arrivals).toHaveLength(2);
	});

	test('is waited for no longer than that is told, and is used again when it answers and no other one does', async () => {
		const recovering = await peerThat((self, connection) => {
			if (connection > 1) greet(self);
		});
		const client = connectTo([recovering.url, await closedUrl()], { timeoutMs: 100, backoff: { minMs: 1, maxMs: 5 } });
		await client.until(() => online(client) === 1, 'online');
		expect(recovering.arrivals).toHaveLength(2);
	});
});
