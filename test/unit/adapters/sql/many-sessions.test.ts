import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqlStore } from '../../../../src/adapters/sql/open-sql-store.ts';
import { temporaryFolder } from '../../../support/processes.ts';

test('a ban ends more sessions than a statement can name', async () => {
	const folder = temporaryFolder('many-sessions');
	const path = join(folder.path, 'chat.db');
	const store = await openSqlStore({ url: `sqlite:${path}`, poolSize: 1, durability: 'process' });
	const user = await store.createUser({ name: 'ann', nameKey: 'ann', passwordHash: '', createdAt: 1 });
	const userId = user?.id ?? 0;
	await store.createSession({ id: 's0', tokenHash: 'h0', userId, device: '', createdAt: 1, expiresAt: 1e13 });
	const database = new Database(path);
	// SQLite takes 32,766 values in a statement.
	database.exec(`insert into sessions (id, token_hash, user_id, device, created_at, used_at, expires_at)
		with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 33000)
		select 's' || n, 'h' || n, user_id, device, created_at, used_at, expires_at from numbers, sessions where id = 's0'`);
	database.close();
	const ended = await store.impose({ userId, kind: 'ban', reason: '', by: null, at: 5, until: null });
	expect(ended).toHaveLength(33_001);
	expect(await store.sessionsOfUser(userId)).toEqual([]);
	expect(await store.inForce(userId, 'ban', 6)).toEqual({ until: null });
	await store.close();
	folder.remove();
});
