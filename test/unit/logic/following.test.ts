import { afterEach, beforeEach, expect, test } from 'vitest';
import { directKey, inboxKey } from '../../../src/protocol/logs.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
beforeEach(async () => {
	logic = await startLogic();
});
afterEach(() => logic.stop());

test('what comes while somebody enters is in the inbox after its head, or in the head of its conversation', async () => {
	const [ann, bob] = [await logic.register('ann'), await logic.register('bob')];
	const conv = directKey(ann.user.id, bob.user.id);
	const send = (ref: string) =>
		logic.call('logic.send', { sender: { user: ann.user }, to: { userId: bob.user.id }, body: ref, ref });
	await send('before');
	// One comes before the head of the inbox is read, and after the store was asked for it.
	const { heads } = logic.store;
	let came: Promise<unknown> | undefined;
	Object.assign(logic.store, {
		heads: async (...asked: Parameters<typeof heads>) => {
			came ??= send('meanwhile');
			await came;
			return heads(...asked);
		},
	});
	const entered = await logic.call('logic.enter', { token: bob.token, convs: [conv] });
	const known = entered.convs[0]?.head ?? 0;
	const after = await logic.store.readFeed(inboxKey(bob.user.id), entered.inboxHead, 10);
	expect(known + after.length).toBeGreaterThanOrEqual(2);
});
