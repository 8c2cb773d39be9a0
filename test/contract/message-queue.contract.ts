import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MessageQueue, QueueBatch, QueueConsumer } from '../../src/ports/message-queue.ts';

export interface QueueUnderTest {
	/** A handle on a queue that no other test uses; with the same name, a handle on the same queue, as another process has it. */
	open(name: string): Promise<MessageQueue>;
	stop(): Promise<void>;
}

/** The next batch, which must come. */
export const taken = async (consumer: QueueConsumer): Promise<QueueBatch> => {
	const batch = await consumer.take();
	if (batch === undefined) throw new Error('the consumer is closed');
	return batch;
};

const numbered = (count: number, prefix = ''): string[] => Array.from({ length: count }, (_, index) => prefix + index);

/** What every adapter of MessageQueue promises. */
export const describeMessageQueue = (adapter: string, start: () => Promise<QueueUnderTest>): void => {
	describe(`MessageQueue, ${adapter}`, () => {
		let subject: QueueUnderTest;
		let names = 0;
		let opened: MessageQueue[] = [];
		const open = async (name: string): Promise<MessageQueue> => {
			const queue = await subject.open(name);
			opened.push(queue);
			return queue;
		};
		const openFresh = () => open(`fresh-${names++}`);

		beforeAll(async () => {
			subject = await start();
		});
		afterEach(async () => {
			await Promise.all(opened.map((queue) => queue.close()));
			opened = [];
		});
		afterAll(() => subject.stop());

		test('items of one producer are taken in the order pushed, in batches of at most the size asked for', async () => {
			const queue = await openFresh();
			const items = numbered(2500);
			for (let at = 0; at < items.length; at += 50) void queue.push(items.slice(at, at + 50));
			const consumer = queue.consume({ consumerId: 'a', batchSize: 100 });
			const received: string[] = [];
			while (received.length < items.length) {
				const batch = await taken(consumer);
				expect(batch.items.length).toBeGreaterThan(0);
				expect(batch.items.length).toBeLessThanOrEqual(100);
				received.push(...batch.items);
				await batch.done();
			}
			expect(received).toEqual(items);
			expect(await queue.size()).toBe(0);
		});

		test('items arrive as the strings that were pushed', async () => {
			const queue = await openFresh();
			const items = ['', ' ', 'ö𝄞\u0000\r\n', '{"a":1}', 'x'.repeat(100_000)];
			await queue.push(items);
			const batch = await taken(queue.consume({ consumerId: 'a', batchSize: 10 }));
			expect(batch.items).toEqual(items);
		});

		test('the oldest can be looked at, and stay where they are', async () => {
			const queue = await openFresh();
			expect(await queue.oldest(3)).toEqual([]);
			await queue.push(['a', 'b']);
			await queue.push(['c', 'd']);
			expect(await queue.oldest(3)).toEqual(['a', 'b', 'c']);
			const batch = await taken(queue.consume({ consumerId: 'a', batchSize: 1 }));
			expect(batch.items).toEqual(['a']);
			expect(await queue.oldest(10)).toEqual(['b', 'c', 'd']);
			expect(await queue.size()).toBe(3);
		});

		test('a take that waits gets what is pushed next, from any handle', async () => {
			const [consuming, producing] = [await open('shared'), await open('shared')];
			const consumer = consuming.consume({ consumerId: 'a', batchSize: 10 });
			for (const item of ['first', 'second', 'third']) {
				const take = taken(consumer);
				await producing.push([item]);
				const batch = await take;
				expect(batch.items).toEqual([item]);
				await batch.done();
			}
		});

		test('pushing nothing wakes nobody', async () => {
			const queue = await openFresh();
			const take = taken(queue.consume({ consumerId: 'a', batchSize: 10 }));
			await queue.push([]);
			await queue.push(['something']);
			expect((await take).items).toEqual(['something']);
		});

		test('two consumers that wait get one item each', async () => {
			const queue = await openFresh();
			const takes = ['a', 'b'].map((consumerId) => taken(queue.consume({ consumerId, batchSize: 1 })));
			await queue.push(['1']);
			await queue.push(['2']);
			const batches = await Promise.all(takes);
			expect(batches.flatMap((batch) => batch.items).sort()).toEqual(['1', '2']);
		});

		test('two consumers under load get each item once between them', async () => {
			const queue = await openFresh();
			const received: string[] = [];
			const consumers = ['a', 'b'].map((consumerId) => queue.consume({ consumerId, batchSize: 7 }));
			const loops = consumers.map(async (consumer) => {
				for (let batch = await consumer.take(); batch !== undefined; batch = await consumer.take()) {
					received.push(...batch.items);
					await batch.done();
					if (received.length >= 1000) await Promise.all(consumers.map((each) => each.close()));
				}
			});
			const items = numbered(1000);
			for (let at = 0; at < items.length; at += 20) await queue.push(items.slice(at, at + 20));
			await Promise.all(loops);
			expect(received.sort()).toEqual(items.sort());
		});

		test('closing gives back what is not done, before newer items and in order', async () => {
			const queue = await openFresh();
			await queue.push(numbered(6));
			const leaving = queue.consume({ consumerId: 'a', batchSize: 2 });
			await (await taken(leaving)).done();
			await taken(leaving);
			await taken(leaving);
			await queue.push(['newer']);
			await leaving.close();
			expect(await queue.size()).toBe(5);
			const batch = await taken(queue.consume({ consumerId: 'b', batchSize: 10 }));
			expect(batch.items).toEqual(['2', '3', '4', '5', 'newer']);
		});

		test('batches may be done in any order and more than once; closing gives back only the others', async () => {
			const queue = await openFresh();
			await queue.push(numbered(8));
			const leaving = queue.consume({ consumerId: 'a', batchSize: 2 });
			const batches = [await taken(leaving), await taken(leaving), await taken(leaving), await taken(leaving)];
			await batches[2]?.done();
			await batches[0]?.done();
			await batches[0]?.done();
			await leaving.close();
			await batches[1]?.done();
			const batch = await taken(queue.consume({ consumerId: 'b', batchSize: 10 }));
			expect(batch.items).toEqual(['2', '3', '6', '7']);
		});

		test('closing ends a take that waits, and what is pushed then goes to others', async () => {
			const queue = await openFresh();
			const leaving = queue.consume({ consumerId: 'a', batchSize: 10 });
			const take = leaving.take();
			await leaving.close();
			expect(await take).toBeUndefined();
			expect(await leaving.take()).toBeUndefined();
			await queue.push(['later']);
			expect((await taken(queue.consume({ consumerId: 'b', batchSize: 10 }))).items).toEqual(['later']);
		});

		test('size counts what waits, not what is held', async () => {
			const queue = await openFresh();
			expect(await queue.size()).toBe(0);
			await queue.push(numbered(5));
			expect(await queue.size()).toBe(5);
			const batch = await taken(queue.consume({ consumerId: 'a', batchSize: 3 }));
			expect(await queue.size()).toBe(2);
			await batch.done();
			expect(await queue.size()).toBe(2);
		});

		test('a parked item is not given out', async () => {
			const queue = await openFresh();
			await queue.park('{');
			expect(await queue.size()).toBe(0);
			await queue.push(['good']);
			expect((await taken(queue.consume({ consumerId: 'a', batchSize: 10 }))).items).toEqual(['good']);
		});

		test('a queue that is closed takes nothing more and ends its consumers', async () => {
			const queue = await openFresh();
			const take = queue.consume({ consumerId: 'a', batchSize: 10 }).take();
			await queue.close();
			expect(await take).toBeUndefined();
			await expect(queue.push(['lost'])).rejects.toMatchObject({ key: 'unavailable' });
		});
	});
};
