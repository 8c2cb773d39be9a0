import { expect, test } from 'vitest';
import { createAddressRates } from '../../../../src/runtime/http/address-rates.ts';

const rates = { perSecond: 10, burst: 3 };

test('a burst is granted at once, then one each interval; what is refused is not counted', () => {
	const { take } = createAddressRates(rates);
	expect([take('a', 0), take('a', 0), take('a', 0)]).toEqual([0, 0, 0]);
	expect([take('a', 0), take('a', 60), take('a', 99)]).toEqual([100, 40, 1]);
	expect([take('a', 100), take('a', 100)]).toEqual([0, 100]);
});

test('a pause fills the bucket, to the burst and no further', () => {
	const { take } = createAddressRates(rates);
	for (const at of [0, 0, 0]) take('a', at);
	const later = [1, 2, 3, 4].map(() => take('a', 60_000));
	expect(later).toEqual([0, 0, 0, 100]);
});

test('what a request has cost besides is waited for by later ones', () => {
	const { take, spend } = createAddressRates(rates);
	expect(take('a', 0)).toBe(0);
	spend('a', 7, 0);
	expect([take('a', 0), take('a', 599), take('a', 600), take('b', 0)]).toEqual([600, 1, 0, 0]);
});

test('each address has a bucket of its own', () => {
	const { take } = createAddressRates({ perSecond: 1, burst: 1 });
	expect([take('a', 0), take('b', 0), take('a', 0), take('b', 0)]).toEqual([0, 0, 1000, 1000]);
});

test('of more addresses than are remembered, those that asked last are', () => {
	const { take } = createAddressRates({ perSecond: 1, burst: 1 }, 2);
	for (const address of ['a', 'b', 'a', 'c']) take(address, 0);
	expect([take('a', 0), take('c', 0)]).toEqual([1000, 1000]);
	expect(take('b', 0)).toBe(0);
});

test('over a minute an address that asks all the time gets the burst and the rate', () => {
	const { take } = createAddressRates({ perSecond: 50, burst: 200 });
	let granted = 0;
	for (let now = 0; now < 60_000; now += 1) if (take('a', now) === 0) granted += 1;
	expect(granted).toBeGreaterThan(3190);
	expect(granted).toBeLessThanOrEqual(3200);
});
