import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Chat, connect } from '../../../src/client/index.ts';
import { witness } from '../../support/sdk-client.ts';
import { type Peer, startPeer, welcome } from './peer.ts';

let peer: Peer;
let chat: Chat;
afterEach(async () => {
	await chat.close();
	await peer.stop();
});
const connectTo = (urls: string[], options: object = {}) => {
	chat = connect({ urls, token: 'token', WebSocket, backoff: { minMs: 1, maxMs: 5 }, ...options });
	return witness(chat);
};

describe('a connection', () => {
	test('that ends in order is made again after the delay that was told', async () => {
		peer = await startPeer((self, connection) => {
			self.say(welcome);
			self.say({ type: 'resumed' });
			if (connection > 1) return;
			self.say({ type: 'closing', code: 4000, reason: 'going away', delay: 300 });
			self.close(4000);
		});
		const { until, events } = connectTo([peer.url]);
		await until(() => events.state.filter((state) => state === 'online').length === 2, 'online again');
		const [first = 0, second = 0] = peer.arrivals;
		expect(second - first).toBeGreaterThanOrEqual(299);
	});

	test('is made again after every close below 4500, and never after one above', async () => {
		const codes = [1001, 1011, 4001, 4002, 4003, 4008, 4499, 4502];
		peer = await startPeer((self, connection) => self.close(codes[connection - 1] ?? 1000));
		const { until, events } = connectTo([peer.url]);
		await until(() => events.closed.length > 0, 'the end');
		expect(peer.arrivals.length).toBe(codes.length);
		expect(events.closed).toMatchObject([{ code: 'stopped', message: expect.stringContaining('4502') }]);
		await expect(chat.ready).rejects.toBe(events.closed[0]);
	});

	test('stops for what the closing frame said, though the close itself was lost', async () => {
		peer = await startPeer((self) => {
			self.say({ type: 'closing', code: 4500, reason: 'session not valid' });
			self.close(1011);
		});
		const { until, events } = connectTo([peer.url]);
		await until(() => events.closed.length > 0, 'the end');
		expect(peer.arrivals.length).toBe(1);
	});

	test.each([
		['null', null],
		['a welcome without its fields', { type: 'welcome' }],
		['a welcome without limits', { ...welcome, limits: null }],
		['a message without anything', { type: 'message' }],
		['a message at no position', { type: 'message', conv: 'dm:1:2', seq: 'x', inbox: 1 }],
		['a pong with wrong heads', { type: 'pong', heads: null }],
	])('is made again after a frame of a wrong shape: %s', async (_what, frame) => {
		peer = await startPeer((self, connection) => {
			self.say(welcome);
			if (connection === 1) self.say(frame as never);
			else self.say({ type: 'resumed' });
		});
		const { until, events } = connectTo([peer.url]);
		await until(() => events.state.includes('online') && peer.arrivals.length === 2, 'online on the second');
	});

	test('is given up when there is no welcome in time, or it was lost', async () => {
		peer = await startPeer((self, connection) => {
			if (connection === 1) return;
			if (connection > 2) self.say(welcome);
			self.say({ type: 'resumed' });
		});
		const { until, events } = connectTo([peer.url], { timeoutMs: 200 });
		await until(() => events.state.includes('online'), 'online');
		expect(peer.arrivals.length).toBe(3);
		expect(events.error.map(({ message }) => message)).toEqual([
			expect.stringContaining('did not say welcome in time'),
			expect.stringContaining('the welcome was lost'),
		]);
	});

	test('is resumed although nobody said so, when a pong tells of everything', async () => {
		peer = await startPeer((self) => {
			self.say({ ...welcome, heartbeat: 50 });
			self.say({ type: 'pong', ref: '1', inbox: 0, heads: {} });
		});
		const { until, events } = connectTo([peer.url]);
		await until(() => events.state.includes('online'), 'online');
	});

	test('is made anew when a pong tells of direct messages that did not come', async () => {
		peer = await startPeer((self, connection) => {
			self.say(welcome);
			self.say({ type: 'pong', ref: '1', inbox: connection === 1 ? 1 : 0, heads: {} });
		});
		const { until, events } = connectTo([peer.url]);
		await until(() => events.state.filter((state) => state === 'online').length === 2, 'online again');
		expect(events.error.map(({ message }) => message)).toEqual([expect.stringContaining('a direct message was lost')]);
	});

	test('that speaks another protocol is not used', async () => {
		peer = await startPeer((self) => {
			self.say(welcome);
			self.say({ type: 'resumed' });
		});
		// As a browser does it: it tells of a server that chose no subprotocol, and leaves the rest to the page.
		const Lenient = class extends WebSocket {
			constructor(url: string) {
				super(url);
				Object.defineProperty(this, 'protocol', { value: '' });
			}
		};
		const { until, events } = connectTo([peer.url], { WebSocket: Lenient });
		await until(() => events.error.length > 1, 'two attempts');
		expect(events.error[0]?.message).toContain('does not speak tschat.v2');
	});

	test('is not made any more once the client is closed, not even from within its events', async () => {
		peer = await startPeer((self) => self.close(1011));
		const { until, events } = connectTo([peer.url]);
		chat.on('state', (state) => {
			if (state === 'offline') void chat.close();
		});
		await until(() => events.closed.length > 0, 'the end');
		await chat.close();
		expect(events.state.at(-1)).toBe('closed');
		expect(peer.arrivals.length).toBe(1);
		expect(chat.state).toBe('closed');
	});
});
