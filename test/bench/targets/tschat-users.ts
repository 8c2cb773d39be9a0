import { openSqlStore } from '../../../src/adapters/sql/open-sql-store.ts';
import { createSessions } from '../../../src/logic/sessions.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import type { BenchUser } from './target.ts';
import { userPool } from './user-pool.ts';

/**
 * Makes users with sessions in the store of a tschat that runs, through the store's port: several thousand a second, where
 * signing up would cost a password's hash each. Nobody can log in as one of them.
 */
export const tschatUsers = (storeUrl: string) =>
	userPool(async (from, to) => {
		const store = await openSqlStore({ url: storeUrl, poolSize: 1, durability: 'process' });
		const sessions = createSessions({
			store,
			idleDays: 1,
			days: 1,
			logger: createLogger('silent', { module: 'bench', serverId: '' }),
		});
		const users: BenchUser[] = [];
		try {
			for (let index = from; index < to; index += 1) {
				const name = `bench-${index}`;
				const user = await store.createUser({ name, nameKey: name, passwordHash: '', createdAt: Date.now() });
				if (user === undefined) throw new Error(`there is a user ${name} already`);
				users.push({ ...user, token: await sessions.open(user.id, 'bench') });
			}
		} finally {
			await store.close();
		}
		return users;
	});
