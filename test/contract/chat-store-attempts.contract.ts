import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AttemptCount, ChatStore } from '../../src/ports/chat-store.ts';
import { ChatError } from '../../src/protocol/errors.ts';
import { compile } from '../support/compile.ts';
import { startProcess } from '../support/processes.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { openedTwice, upTo } from './chat-store-support.ts';

const count = (failures: number, expiresAt = Date.UTC(2100, 0)): AttemptCount => ({
	failures,
	since: Date.UTC(2026, 0),
	lockedUntil: Date.UTC(2026, 1),
	expiresAt,
});
const oneMore = (before: AttemptCount | undefined) => count((before?.failures ?? 0) + 1);

/** What every adapter of ChatStore promises of the attempts that limits count. */
export const describeChatStoreAttempts = (subject: () => StoreUnderTest): void => {
	describe('attempts', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});
		const failuresOf = async (key: string) => (await other.attempts([key]))[0]?.failures;

		test('what is counted under keys is told in the order asked, and nothing of other keys', async () => {
			await store.changeAttempts('one', () => count(1));
			await store.changeAttempts('ONE', () => count(2));
			expect(await other.attempts(['ONE', 'nobody', 'one', 'one '])).toEqual([
				count(2),
				undefined,
				count(1),
				undefined,
			]);
			expect(await other.attempts([])).toEqual([]);
		});

		test('a change gets what is there, and replaces or removes it', async () => {
			const seen: (AttemptCount | undefined)[] = [];
			for (const next of [count(1), count(7), undefined, undefined, count(3)]) {
				await store.changeAttempts('changing', (before) => {
					seen.push(before);
					return next;
				});
			}
			expect(seen).toEqual([undefined, count(1), count(7), undefined, undefined]);
			expect(await failuresOf('changing')).toBe(3);
		});

		test('a change that throws tells so, changes nothing, and holds up nobody', async () => {
			await store.changeAttempts('refused', oneMore);
			const refused = store.changeAttempts('refused', () => {
				throw new ChatError('too-many-attempts');
			});
			await expect(refused).rejects.toMatchObject({ key: 'too-many-attempts' });
			await other.changeAttempts('refused', oneMore);
			expect(await failuresOf('refused')).toBe(2);
		});

		test('of many who count at once, under a new key too, each is counted', async () => {
			const changes = upTo(40).map((n) => (n % 2 ? store : other).changeAttempts(`busy ${n % 2}`, oneMore));
			const crossed = upTo(40).map((n) => (n % 2 ? other : store).changeAttempts(`busy ${n % 2}`, oneMore));
			await Promise.all([...changes, ...crossed]);
			expect([await failuresOf('busy 0'), await failuresOf('busy 1')]).toEqual([40, 40]);
		});

		test('counts that expired at or before a moment are removed, later ones stay', async () => {
			for (const at of [99, 100, 101]) await store.changeAttempts(`until ${at}`, () => count(1, at));
			expect(await store.deleteExpiredAttempts(100)).toBe(2);
			expect(await Promise.all([99, 100, 101].map((at) => failuresOf(`until ${at}`)))).toEqual([
				undefined,
				undefined,
				1,
			]);
		});

		test('three processes that count under the same keys lose nothing', async () => {
			const script = compile(fileURLToPath(new URL('fixtures/attempt-counter.ts', import.meta.url)));
			const { url } = handles();
			const counters = [1, 2, 3].map(() => startProcess(process.execPath, [script, url, '30']));
			await Promise.all(counters.map((counter) => counter.outputMatching(/finished/, 55_000)));
			expect(await Promise.all(upTo(3).map((n) => failuresOf(`shared ${n}`)))).toEqual([90, 90, 90]);
		}, 60_000);
	});
};
