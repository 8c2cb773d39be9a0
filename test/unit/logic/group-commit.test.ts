import { describe, expect, test } from 'vitest';
import { createGroupCommit } from '../../../src/logic/group-commit.ts';
import type { Appended, NewMessage } from '../../../src/ports/chat-store.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import { toRoom, toUser } from '../../support/new-message.ts';

/** A log in memory whose appends are let through one by one, and refuse what they are told to. */
const gatedLog = (refuses: (message: NewMessage) => unknown = () => undefined) => {
	const appends: string[][] = [];
	const log: string[] = [];
	const gates: (() => void)[] = [];
	let arrived = () => {};
	let open = false;
	return {
		appends,
		log,
		append: async (messages: readonly NewMessage[]): Promise<Appended[]> => {
			appends.push(messages.map((message) => message.ref));
			arrived();
			if (!open) await new Promise<void>((resolve) => gates.push(resolve));
			for (const message of messages) {
				const refusal = refuses(message);
				if (refusal !== undefined) throw refusal;
			}
			return messages.map(({ inboxes, ...message }) => {
				log.push(message.ref);
				return { message: { ...message, seq: log.length }, feeds: [], repeated: inboxes.length > 0, readOthers: false };
			});
		},
		nextAppend: () =>
			new Promise<void>((resolve) => {
				arrived = resolve;
			}),
		release: () => {
			open = true;
			for (const gate of gates.splice(0)) gate();
		},
	};
};

const options = { maxBatch: 4, maxWaiting: 6 };
const message = (ref: string) => toRoom(1, 1, ref);
const outcomes = async (commits: Promise<Appended>[]) =>
	(await Promise.allSettled(commits)).map((outcome) =>
		outcome.status === 'fulfilled' ? outcome.value.message.seq : (outcome.reason.key ?? outcome.reason.message),
	);

describe('group commit', () => {
	test('messages of one turn of the event loop share a commit, in the order of arrival', async () => {
		const store = gatedLog();
		store.release();
		const { commit } = createGroupCommit(store, options);
		expect(await outcomes(['a', 'b', 'c'].map((ref) => commit(message(ref))))).toEqual([1, 2, 3]);
		expect(store.appends).toEqual([['a', 'b', 'c']]);
	});

	test('what arrives during a commit is the next one, no larger than allowed', async () => {
		const store = gatedLog();
		const { commit } = createGroupCommit(store, options);
		const begun = store.nextAppend();
		const first = commit(message('first'));
		await begun;
		const rest = ['a', 'b', 'c', 'd', 'e'].map((ref) => commit(message(ref)));
		expect(store.appends).toEqual([['first']]);
		store.release();
		expect(await outcomes([first, ...rest])).toEqual([1, 2, 3, 4, 5, 6]);
		expect(store.appends).toEqual([['first'], ['a', 'b', 'c', 'd'], ['e']]);
	});

	test('more than may wait are refused at once, and the others are not harmed', async () => {
		const store = gatedLog();
		const { commit } = createGroupCommit(store, options);
		const commits = Array.from({ length: 8 }, (_, index) => commit(message(`m${index}`)));
		await expect(commits[6]).rejects.toMatchObject({ key: 'overloaded' });
		await expect(commits[7]).rejects.toMatchObject({ key: 'overloaded' });
		store.release();
		expect(await outcomes(commits.slice(0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
	});

	test('a message that the database refuses fails alone', async () => {
		const store = gatedLog((candidate) => (candidate.ref === 'bad' ? new Error('refused') : undefined));
		store.release();
		const { commit } = createGroupCommit(store, options);
		expect(await outcomes(['a', 'bad', 'c'].map((ref) => commit(message(ref))))).toEqual([1, 'refused', 2]);
		expect(store.log).toEqual(['a', 'c']);
	});

	test('an unavailable store fails the batch without being asked for each message', async () => {
		const store = gatedLog(() => new ChatError('unavailable'));
		store.release();
		const { commit } = createGroupCommit(store, options);
		expect(await outcomes(['a', 'b', 'c'].map((ref) => commit(message(ref))))).toEqual(Array(3).fill('unavailable'));
		expect(store.appends).toHaveLength(1);
	});

	test('after a failure the next message is committed', async () => {
		let broken = true;
		const store = gatedLog(() => (broken ? new ChatError('unavailable') : undefined));
		store.release();
		const { commit } = createGroupCommit(store, options);
		await expect(commit(message('a'))).rejects.toMatchObject({ key: 'unavailable' });
		broken = false;
		expect((await commit(message('b'))).message.seq).toBe(1);
	});

	test('what was committed is counted, what was refused or committed before is not', async () => {
		const store = gatedLog((candidate) => (candidate.ref === 'bad' ? new Error('refused') : undefined));
		store.release();
		const group = createGroupCommit(store, options);
		await outcomes(['a', 'bad', 'c'].map((ref) => group.commit(message(ref))));
		expect(group.accepted).toBe(2);
		// This log takes direct messages for repeated ones.
		await outcomes([group.commit(toUser(1, 2, 'd')), group.commit(message('e'))]);
		expect(group.accepted).toBe(3);
	});

	test('draining waits for all that was given', async () => {
		const store = gatedLog();
		const { commit, drain } = createGroupCommit(store, options);
		const commits = ['a', 'b', 'c', 'd', 'e'].map((ref) => commit(message(ref)));
		const drained = drain().then(() => [...store.log]);
		store.release();
		expect(await drained).toEqual(['a', 'b', 'c', 'd', 'e']);
		await Promise.all(commits);
		await drain();
	});
});
