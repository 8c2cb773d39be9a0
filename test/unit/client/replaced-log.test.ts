import { expect, test } from 'vitest';
import { Emitter } from '../../../src/client/emitter.ts';
import { createParts } from '../../../src/client/parts.ts';
import { TestWire } from './support.ts';

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
