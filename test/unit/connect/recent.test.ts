import { expect, test } from 'vitest';
import { Recent } from '../../../src/connect/recent.ts';
import { openFilesForClients } from '../../../src/runtime/open-files.ts';

test('what tells nothing any more is forgotten when the map grows, and what tells something stays', () => {
	const recent = new Recent<number, { idle: boolean }>(({ idle }) => idle);
	const kept = recent.of(-1, () => ({ idle: false }));
	for (let key = 0; key < 100_000; key += 1) recent.of(key, () => ({ idle: true }));
	expect(recent.size).toBeLessThan(3000);
	expect(recent.of(-1, () => ({ idle: true }))).toBe(kept);
});

test('an entry that is settled is forgotten at once if it is idle', () => {
	const recent = new Recent<string, { idle: boolean }>(({ idle }) => idle);
	const entry = recent.of('a', () => ({ idle: false }));
	recent.settle('a');
	expect(recent.size).toBe(1);
	entry.idle = true;
	recent.settle('a');
	recent.settle('b');
	expect(recent.size).toBe(0);
});

test('some of the files that a process may open are left for others than clients', () => {
	expect(openFilesForClients('Max open files            4096                 1048576              files     \n')).toBe(
		3584,
	);
	expect(openFilesForClients('Max open files            100                  100                  files     \n')).toBe(
		1,
	);
	expect(openFilesForClients('')).toBe(Number.POSITIVE_INFINITY);
	expect(openFilesForClients()).toBeGreaterThan(0);
});
