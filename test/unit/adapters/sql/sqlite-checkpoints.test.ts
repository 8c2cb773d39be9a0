import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlStore } from '../../../../src/adapters/sql/open-sql-store.ts';
import { toRoom } from '../../../support/new-message.ts';
import { temporaryFolder } from '../../../support/processes.ts';

test("SQLite's log comes into the database without a commit that does it, and is gone with the last connection", async () => {
	const folder = temporaryFolder('checkpoints');
	const file = join(folder.path, 'tschat.db');
	const store = await openSqlStore({ url: `sqlite:${file}`, poolSize: 1, durability: 'process' });
	const before = statSync(file).size;
	// About a megabyte: far less than the log may hold before a commit copies it.
	const body = 'x'.repeat(1000);
	for (let n = 0; n < 1000; n += 100)
		await store.append(Array.from({ length: 100 }, (_, index) => toRoom(1, 1, `ref ${n + index}`, body)));
	await expect.poll(() => statSync(file).size, { timeout: 5000 }).toBeGreaterThan(before + 1_000_000);
	await store.append([toRoom(1, 1, 'last')]);
	await store.close();
	expect(existsSync(`${file}-wal`)).toBe(false);
	folder.remove();
});
