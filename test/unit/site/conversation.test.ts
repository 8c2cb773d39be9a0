import { once } from 'node:events';
import { describe, expect, test } from 'vitest';

/** The parts of site/conversation.js (plain JavaScript, as browsers load it) that are tested here. */
interface Conversation extends EventTarget {
	readonly messages: readonly { seq: number }[];
	readonly outgoing: readonly { failure: string }[];
	receive(message: object): void;
	catchUp(): Promise<void>;
	loadEarlier(): Promise<void>;
	send(body: string): Promise<void>;
	retry(entry: object): Promise<void>;
}
interface Page {
	readonly before?: number;
	readonly after?: number;
	readonly limit: number;
}
const module = (await import(new URL('../../../site/conversation.js', import.meta.url).href)) as {
	Conversation: new (key: string, options: object) => Conversation;
};

const body = (seq: number) => `text ${seq}`;
const live = (seq: number) => ({ conv: 'room:1', seq, fromId: '7', fromName: 'ada', body: body(seq), at: new Date() });

/** A conversation over a log of `head` messages, of which the reader (user 7) is the author. */
const open = (head: number, post: (text: string, ref: string) => Promise<void> = async () => {}) => {
	const log = { head, asked: [] as Page[] };
	const loadPage = async ({ before, after, limit }: Page) => {
		log.asked.push({ limit, ...(before && { before }), ...(after && { after }) });
		const last = after === undefined ? (before ?? log.head + 1) - 1 : Math.min(log.head, after + limit);
		const first = after === undefined ? Math.max(1, last - limit + 1) : after + 1;
		const items = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
			...{ conv: 'room:1', seq: first + index, from: { id: '7', name: 'ada' } },
			...{ body: body(first + index), at: '2026-01-31T12:00:00.000Z' },
		}));
		return { items, more: after === undefined ? first > 1 : last < log.head };
	};
	const onError = () => {};
	const conversation = new module.Conversation('room:1', { ownId: '7', loadPage, post, onError });
	return { conversation, log, seqs: () => conversation.messages.map(({ seq }) => seq) };
};
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
/** Resolves once the condition holds, asked at each change. */
const changed = async (conversation: Conversation, holds: () => boolean) => {
	while (!holds()) await once(conversation, 'change');
};

describe('a conversation of the page', () => {
	test('shows live messages once and in order, however they come', async () => {
		const { conversation, seqs, log } = open(2);
		await conversation.catchUp();
		for (const seq of [3, 3, 1, 4, 4]) conversation.receive(live(seq));
		expect(seqs()).toEqual([1, 2, 3, 4]);
		expect(log.asked).toEqual([{ limit: 50 }]);
	});

	test('fetches what lies between when a live message skips some', async () => {
		const { conversation, seqs, log } = open(2);
		await conversation.catchUp();
		log.head = 6;
		conversation.receive(live(7));
		await changed(conversation, () => seqs().length === 7);
		expect(seqs()).toEqual(range(1, 7));
		expect(log.asked[1]).toEqual({ after: 2, limit: 200 });
	});

	test('shows a live message that came before history after it', async () => {
		const { conversation, seqs } = open(80);
		conversation.receive(live(81));
		expect(seqs()).toEqual([]);
		await changed(conversation, () => seqs().length > 0);
		expect(seqs()).toEqual(range(31, 81));
		await conversation.loadEarlier();
		expect(seqs()).toEqual(range(1, 81));
	});

	test('after a long absence starts again from the newest page, without a gap', async () => {
		const { conversation, seqs, log } = open(10);
		await conversation.catchUp();
		log.head = 1000;
		await conversation.catchUp();
		expect(seqs()).toEqual(range(951, 1000));
	});

	test('a failed message is sent again under the same ref, and leaves the outgoing ones when it appears', async () => {
		const refs: string[] = [];
		const { conversation } = open(1, async (_text, ref) => {
			refs.push(ref);
			if (refs.length === 1) throw new Error('no answer');
		});
		await conversation.catchUp();
		await conversation.send(body(2));
		const [entry] = conversation.outgoing;
		expect(entry).toMatchObject({ failure: 'no answer' });
		await conversation.retry(entry ?? {});
		conversation.receive(live(2));
		expect(conversation.outgoing).toEqual([]);
		expect(refs).toHaveLength(2);
		expect(new Set(refs).size).toBe(1);
	});

	test('what is said while history is being fetched is not missed when the page asks again meanwhile', async () => {
		const { conversation, seqs, log } = open(2);
		const first = conversation.catchUp();
		log.head = 3;
		await conversation.catchUp();
		await first;
		expect(seqs()).toEqual([1, 2, 3]);
	});

	test('what one writes quickly is sent one after the other, also after one that failed', async () => {
		const events: string[] = [];
		const { conversation } = open(0, async (text) => {
			events.push(`${text} begins`);
			await new Promise(setImmediate);
			events.push(`${text} ends`);
			if (text === 'one') throw new Error('no answer');
		});
		await Promise.all([conversation.send('one'), conversation.send('two')]);
		expect(events).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
		expect(conversation.outgoing.map(({ failure }) => failure)).toEqual(['no answer', '']);
	});
});
