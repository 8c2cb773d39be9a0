import { describe, expect, test } from 'vitest';
import { TschatError } from '../../../src/client/errors.ts';
import { Requests } from '../../../src/client/requests.ts';
import { TestWire } from './support.ts';

const start = () => {
	const wire = new TestWire();
	const requests = new Requests(wire, { minMs: 1, maxMs: 1 });
	const ask = () =>
		requests.ask(
			'left',
			(ref) => ({ type: 'leave', ref, conv: 'room:1' }),
			({ conv }) => conv,
		);
	const refs = () => wire.take().map(({ ref }) => ref ?? '');
	const answer = (ref: string) => requests.answered({ type: 'left', ref, conv: 'room:1' });
	return { wire, requests, ask, refs, answer };
};

describe('a question', () => {
	test('is asked again on the next connection, under the same ref', async () => {
		const { wire, requests, ask, refs, answer } = start();
		wire.open = false;
		const asked = ask();
		expect(refs()).toEqual([]);
		wire.open = true;
		requests.opened();
		requests.opened();
		const [one, other] = refs();
		expect(one).toBe(other);
		answer(one ?? '');
		expect(await asked).toBe('room:1');
		requests.opened();
		expect(refs()).toEqual([]);
	});

	test('is asked again when a later ping was answered, and only then', () => {
		const { wire, requests, ask, refs } = start();
		wire.pings = 1;
		void ask();
		requests.overdue(1);
		expect(refs().length).toBe(1);
		requests.overdue(2);
		expect(refs().length).toBe(1);
	});

	test('that is refused for the moment is asked again', async () => {
		const { wire, requests, ask, refs, answer } = start();
		const asked = ask();
		const [ref = ''] = refs();
		const again = new Promise<void>((resolve) => {
			wire.send = () => resolve();
		});
		expect(requests.refused(ref, new TschatError('overloaded', 'later', { retryable: true, retryAfter: 1 }))).toBe(
			true,
		);
		await again;
		answer(ref);
		expect(await asked).toBe('room:1');
	});

	test('that is refused for good rejects, as do all when the client stops', async () => {
		const { requests, ask, refs } = start();
		const error = new TschatError('not-found', 'not found');
		const [one, other] = [ask(), ask()];
		const [ref = ''] = refs();
		expect(requests.refused('of nobody', error)).toBe(false);
		requests.refused(ref, error);
		await expect(one).rejects.toBe(error);
		const end = new TschatError('closed', 'closed');
		requests.stop(end);
		await expect(other).rejects.toBe(end);
		await expect(ask()).rejects.toBe(end);
	});
});
