import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
beforeEach(async () => {
	logic = await startLogic();
});
afterEach(() => logic.stop());

test('logic counts sign-ins by how they came out', async () => {
	await logic.register('ann');
	const signIn = (password: string) => logic.call('logic.login', { name: 'ann', password });
	await signIn('a password');
	for (const wrong of ['111111', '222222'])
		await expect(signIn(wrong)).rejects.toMatchObject({ key: 'wrong-credentials' });
	const outcome = (name: string) => logic.metric('tschat_sign_ins_total', { outcome: name });
	expect(await Promise.all(['ok', 'wrong-credentials', 'unavailable'].map(outcome))).toEqual([1, 2, 0]);
});

test('logic counts what it commits together, and how long that takes', async () => {
	const { user } = await logic.register('ann');
	const send = (ref: string) => logic.call('logic.send', { sender: { user }, to: { roomId: 1 }, body: 'hi', ref });
	await Promise.all(['a', 'b', 'c'].map(send));
	await send('c');
	expect(await logic.metric('tschat_messages_accepted_total')).toBe(3);
	expect(await logic.metric('tschat_store_commit_messages_sum')).toBe(4);
	expect(await logic.metric('tschat_store_commit_messages_count')).toBe(2);
	expect(await logic.metric('tschat_store_commit_duration_seconds_count')).toBe(2);
	expect(await logic.metric('tschat_store_commit_duration_seconds_sum')).toBeGreaterThan(0);
});
