import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { Emitter } from '../../../src/client/emitter.ts';
import { connect } from '../../../src/client/index.ts';
import { createParts } from '../../../src/client/parts.ts';
import { memoryStore } from '../../../src/client/store.ts';
import { witness } from '../../support/sdk-client.ts';
import { startPeer, welcome } from './peer.ts';
import { messageV2, TestWire, upTo } from './support.ts';

test('in a log that was replaced by a shorter one reading is told from its end on', () => {
	const wire = new TestWire();
	const nothing = () => {};
	const owner = { changed: nothing, failed: nothing, resumed: nothing, renew: nothing, stop: nothing };
	const { feeds, marks } = createParts(
		wire,
		{ ...owner, events: new Emitter(), user: () => undefined },
		{ backoff: { minMs: 1, maxMs: 1 }, maxUnsent: 1, maxGap: 1 },
	);
	feeds.follow('room:1', 50);
	marks.known('room:1', { read: 50 });
	feeds.reset('room:1', 40);
	marks.read('room:1', 41);
	marks.stop();
	expect(wire.take()).toMatchObject([{ type: 'read', conv: 'room:1', seq: 41 }]);
});

test('a log that was replaced, and ends between what was told and what was known, is told from there without a gap', async () => {
	let hellos = 0;
	const peer = await startPeer((self, connection) => {
		if (connection > hellos) {
			hellos = connection;
			self.say(welcome);
			if (connection === 1) self.say({ type: 'message', ...messageV2(60), body: 'lost' });
			else for (const seq of upTo(10, 51)) self.say({ type: 'message', ...messageV2(seq), body: `new ${seq}` });
		} else if (connection === 1) {
			// Asked for what is missing before 60, and gone before it answers.
			self.close(1011);
		}
	});
	const store = memoryStore();
	await store.save({ version: 1, cursors: { 'room:1': 50 }, inbox: 0, unsent: [], reads: {} });
	const chat = connect({ url: peer.url, token: 'token', WebSocket, store, backoff: { minMs: 1, maxMs: 5 } });
	const { until, events, bodies } = witness(chat);
	await until(() => events.message.some(({ seq }) => seq === 60), 'the last message');
	await chat.close();
	await peer.stop();
	expect(bodies('room:1')).toEqual(upTo(10, 51).map((seq) => `new ${seq}`));
	expect(events.reset).toEqual([]);
});
