import { expect, test } from 'vitest';
import { saturate } from '../../bench/saturate.ts';

/** A server that holds rates up to a limit; what it was asked for. */
const limitedTo = (limit: number) => {
	const asked: number[] = [];
	const measure = async (rate: number) => {
		asked.push(rate);
		return { rate, held: rate <= limit };
	};
	return { asked, measure };
};

test.each([90, 100, 149, 151, 1000, 77_777])('a limit of %d a second is found to 7 %%, from below', async (limit) => {
	const { rate, held } = await saturate(limitedTo(limit).measure, { start: 100 });
	expect(held).toBe(true);
	expect(rate).toBeLessThanOrEqual(limit);
	expect(rate).toBeGreaterThan(limit * 0.93);
});

test('a rate is raised by half until one is not held, and that one is tried again', async () => {
	const { asked, measure } = limitedTo(160);
	await saturate(measure, { start: 100 });
	expect(asked.slice(0, 4)).toEqual([100, 150, 225, 225]);
});

test('a start that is too high is left', async () => {
	const { rate } = await saturate(limitedTo(30).measure, { start: 1000 });
	expect(rate).toBeGreaterThan(27);
	expect(rate).toBeLessThanOrEqual(30);
});

test('one disturbance does not end the search', async () => {
	let disturbed = false;
	const { rate } = await saturate(
		async (at) => {
			const held = at <= 1000 && (at < 200 || disturbed);
			disturbed ||= at >= 200;
			return { rate: at, held };
		},
		{ start: 100 },
	);
	expect(rate).toBeGreaterThan(930);
});

test('a server that holds nothing gives what was measured last, as not held', async () => {
	const { asked, measure } = limitedTo(0);
	expect(await saturate(measure, { start: 100 })).toEqual({ rate: 1, held: false });
	expect(asked.at(-1)).toBe(1);
});
