import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysql } from '../../src/adapters/sql/dialects/mysql.ts';
import { postgres } from '../../src/adapters/sql/dialects/postgres.ts';
import { sqlite } from '../../src/adapters/sql/dialects/sqlite.ts';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { compile } from '../support/compile.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { eventually } from '../support/eventually.ts';
import { startMariadb } from '../support/mariadb.ts';
import { toRoom } from '../support/new-message.ts';
import { startPostgres } from '../support/postgres.ts';
import { freePort, startProcess, temporaryFolder } from '../support/processes.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { describeChatStore } from './chat-store.contract.ts';

const open = (url: string) => openSqlStore({ url, poolSize: 3, durability: 'process' });

describeChatStore('SQLite', async () => {
	const folder = temporaryFolder('sqlite');
	let databases = 0;
	return {
		open,
		dialectOf: (url) => sqlite(url.slice('sqlite:'.length), 'process'),
		createDatabase: async () => `sqlite:${join(folder.path, 'new folder', `${++databases}.db`)}`,
		block: async (url) => {
			const database = new Database(url.slice('sqlite:'.length));
			database.exec('begin immediate');
			return async () => {
				database.close();
			};
		},
		remove: async () => folder.remove(),
	};
});

describeChatStore('PostgreSQL', async () => {
	const server = await startPostgres();
	return {
		open,
		dialectOf: (url) => postgres(url, 1),
		createDatabase: server.createDatabase,
		block: async (url) => {
			const client = new pg.Client({ connectionString: url });
			await client.connect();
			await client.query(`begin; select 1 from logs where key = 'room:1' for update`);
			return () => client.end();
		},
		remove: server.remove,
	};
});

describeChatStore('MariaDB', async () => {
	const server = await startMariadb();
	return {
		open,
		dialectOf: (url) => mysql(url, 1),
		createDatabase: server.createDatabase,
		block: async (url) => {
			const connection = await createConnection(url);
			await connection.query('begin');
			await connection.query("select 1 from logs where `key` = 'room:1' for update");
			return async () => connection.destroy();
		},
		remove: server.remove,
	};
});

test('a process that hangs in a transaction on PostgreSQL soon stands in nobody’s way', async () => {
	const server = await startPostgres();
	const url = await server.createDatabase();
	const store = await open(url);
	await store.append([toRoom(1, 1, 'before')]);
	const script = compile(fileURLToPath(new URL('fixtures/store-writer.ts', import.meta.url)));
	const writer = startProcess(process.execPath, [script, url, '9', '100000', '40']);
	await writer.outputMatching(/^\[\[/m);
	const looker = new pg.Client({ connectionString: url });
	await looker.connect();
	// Until it is caught holding the lock on the room.
	await eventually(async () => {
		writer.signal('SIGSTOP');
		try {
			await looker.query(`select 1 from logs where key = 'room:1' for update nowait`);
		} catch {
			return;
		}
		writer.signal('SIGCONT');
		throw new Error('it held no lock');
	});
	expect(await store.append([toRoom(1, 1, 'behind it')])).toMatchObject([{ repeated: false }]);
	await writer.stop({ signal: 'SIGKILL' });
	await Promise.all([looker.end(), store.close()]);
	await server.remove();
}, 30_000);

describe.each([
	['PostgreSQL', startPostgres],
	['MariaDB', startMariadb],
])('ChatStore, when %s fails', (_, start) => {
	let server: DatabaseServer;
	let url: string;
	beforeAll(async () => {
		server = await start();
		url = await server.createDatabase();
	});
	afterAll(() => server?.remove());

	test('calls are unavailable while the server is down, and work again when it is back', async () => {
		const store = await open(url);
		await store.append([toRoom(1, 1, 'before')]);
		await server.stop();
		const calls = [
			store.ping(),
			store.append([toRoom(1, 1, 'down')]),
			store.userByNameKey('ann'),
			store.heads(['room:1']),
		];
		for (const call of await Promise.allSettled(calls)) {
			expect(call).toMatchObject({ status: 'rejected', reason: { key: 'unavailable' } });
		}
		await server.start();
		await eventually(() => store.ping());
		expect(await store.append([toRoom(1, 1, 'down')])).toMatchObject([{ message: { seq: 2 }, repeated: false }]);
		await store.close();
	});

	test('calls on connections that hang are unavailable after some seconds, and the next ones get new connections', async () => {
		const proxy = await startTcpProxy(server.port);
		const store = await open(url.replace(`:${server.port}`, `:${proxy.port}`));
		await Promise.all([1, 2, 3].map((room) => store.append([toRoom(10 + room, 1, `warm ${room}`)])));
		proxy.freeze();
		const started = performance.now();
		const calls = [1, 2, 3].map((room) => store.append([toRoom(10 + room, 1, `hung ${room}`)]));
		for (const call of await Promise.allSettled(calls)) {
			expect(call).toMatchObject({ status: 'rejected', reason: { key: 'unavailable' } });
		}
		expect(performance.now() - started).toBeLessThan(9000);
		expect(await store.append([toRoom(11, 1, 'hung 1')])).toMatchObject([{ message: { seq: 2 } }]);
		await store.close();
		await proxy.close();
	});

	test('opening fails in one line that names the address and not the password', async () => {
		const closed = url.replace(`:${server.port}`, `:${await freePort()}`);
		const failure = await open(closed).catch((error: unknown) => error);
		expect(failure).toMatchObject({ key: 'unavailable' });
		expect(String(failure)).toMatch(/^ChatError: cannot reach \S+ at 127\.0\.0\.1:\d+: .*ECONNREFUSED.*store\.url$/);
		expect(String(failure)).not.toContain('secret');
	});
});

test('a file that cannot be made is named when opening SQLite fails', async () => {
	await expect(open('sqlite:/dev/null/chat.db')).rejects.toMatchObject({
		key: 'unavailable',
		message: expect.stringMatching(/^cannot reach SQLite at \/dev\/null\/chat\.db: .*store\.url$/),
	});
});
