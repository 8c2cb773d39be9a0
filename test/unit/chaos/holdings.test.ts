import { expect, test } from 'vitest';
import { growthOf, type Holding } from '../../chaos/holdings.ts';

const growth = (samples: readonly Holding[]) => growthOf(new Map([['logic-0', samples]]));
const series = (of: (index: number) => Holding) => Array.from({ length: 30 }, (_, index) => of(index));

test('what grows only while it warms up has levelled off', () => {
	expect(growth(series((index) => ({ rssMb: Math.min(100, 60 + 5 * index), handles: 50 + (index % 7) })))).toEqual([]);
});

test('memory or handles that grow all the time have not', () => {
	expect(growth(series((index) => ({ rssMb: 100 + 3 * index, handles: 50 })))).toEqual([
		'logic-0: memory grew from 143.5 to 173.5 MB',
	]);
	expect(growth(series((index) => ({ rssMb: 100, handles: 50 + 3 * index })))).toEqual([
		'logic-0: handles grew from 93.5 to 123.5',
	]);
});
