import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { stdSerializers } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mysql } from '../../src/adapters/sql/dialects/mysql.ts';
import { postgres } from '../../src/adapters/sql/dialects/postgres.ts';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { Runner } from '../../src/adapters/sql/runner.ts';
import type { SqlDialect } from '../../src/adapters/sql/sql-dialect.ts';
import type { Tables } from '../../src/adapters/sql/tables.ts';
import { createMetrics } from '../../src/runtime/metrics/metrics.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { eventually } from '../support/eventually.ts';
import { startMariadb } from '../support/mariadb.ts';
import { reader } from '../support/metric-values.ts';
import { startPostgres } from '../support/postgres.ts';

const kinds = [
	{
		kind: 'PostgreSQL',
		startServer: () => startPostgres(),
		dialectOf: postgres,
		refusals: [
			[(body: string) => sql`insert into things values (${body}, 1)`, /"things_pkey"/],
			[(body: string) => sql`insert into things values (${`${body} again`}, -1)`, /"positive"/],
			[(body: string) => sql`select cast(${body} as bigint)`, /bigint/],
		],
		sleep: (body: string) => sql`select pg_sleep(20), ${body}`,
		endSleepers: sql`select pg_terminate_backend(pid) as ended from pg_stat_activity
			where query like 'select pg_sleep%' and pid <> pg_backend_pid()`,
	},
	{
		kind: 'MariaDB',
		startServer: startMariadb,
		dialectOf: mysql,
		refusals: [
			[(body: string) => sql`insert into things values (${body}, 1)`, /'PRIMARY'$/],
			[(body: string) => sql`insert into things values (${`${body} again`}, -1)`, /positive/],
			[(body: string) => sql`insert into things values ('a', ${body})`, /integer value/],
			[(body: string) => sql`select ${body} from from`, /syntax/],
		],
		sleep: (body: string) => sql`select sleep(20), ${body}`,
		endSleepers: sql`begin not atomic
			declare sleeper bigint;
			select id into sleeper from information_schema.processlist where info like 'select sleep%';
			kill connection sleeper;
		end`,
	},
] as const;

/** All that a log could tell of it. */
const told = (error: unknown): string =>
	JSON.stringify([stdSerializers.err(error as Error), stdSerializers.errWithCause(error as Error)]);

describe.each(kinds)('errors of $kind', ({ startServer, dialectOf, refusals, sleep, endSleepers }) => {
	let server: DatabaseServer;
	let dialect: SqlDialect;
	let runner: Runner;
	const body = "it's my secret";
	const failureOf = (text: ReturnType<typeof sql>) =>
		runner
			.run((db) => text.execute(db))
			.then(
				() => undefined,
				(error: unknown) => error,
			);

	beforeAll(async () => {
		server = await startServer();
		dialect = dialectOf(await server.createDatabase(), 3);
		runner = new Runner(new Kysely<Tables>({ dialect: dialect.connect() }), dialect);
		const table = sql`create table things (body varchar(99) primary key, n int, constraint positive check (n > 0))`;
		await runner.run((db) => table.execute(db));
		await runner.run((db) => sql`insert into things values (${body}, 1)`.execute(db));
	});
	afterAll(async () => {
		await runner.close();
		await server.remove();
	});

	test('hold nothing of rows and statements, and name what is needed to find the fault', async () => {
		for (const [refused, message] of refusals) {
			const error = await failureOf(refused(body));
			expect(error).toMatchObject({ message: expect.stringMatching(message), code: expect.any(String) });
			expect(told(error)).not.toMatch(/secret|it's/);
		}
		expect(dialect.isUniqueViolation(await failureOf(refusals[0][0](body)))).toBe(true);
	});

	test('hold nothing of a statement whose connection was lost either', async () => {
		const failure = failureOf(sleep(body));
		const administrator = new Kysely<Tables>({ dialect: dialect.connectForMigrations() });
		onTestFinished(() => administrator.destroy());
		let ended = false;
		void failure.then(() => {
			ended = true;
		});
		await eventually(async () => {
			await endSleepers.execute(administrator).catch(() => {});
			expect(ended).toBe(true);
		});
		const error = await failure;
		expect(error).toMatchObject({ key: 'unavailable', cause: expect.any(Error) });
		expect(told(error)).not.toMatch(/secret|it's/);
	});

	test('are counted as `unavailable` while it is down, once for each call', async () => {
		const metrics = createMetrics();
		const url = await server.createDatabase();
		const store = await openSqlStore({ url, poolSize: 1, durability: 'process', metrics: metrics.of('all') });
		const count = () => reader(metrics)('tschat_store_errors_total', { kind: 'unavailable' });
		await store.ping();
		expect(await count()).toBe(0);
		await server.stop();
		for (const calls of [1, 2]) {
			await expect(store.ping()).rejects.toMatchObject({ key: 'unavailable' });
			expect(await count()).toBe(calls);
		}
		await store.close();
		await server.start();
	});
});

describe('a MariaDB whose disk fails', () => {
	test('is unavailable: what it refused may be tried again', async () => {
		const server = await startMariadb();
		const dialect = mysql(await server.createDatabase(), 1);
		const runner = new Runner(new Kysely<Tables>({ dialect: dialect.connect() }), dialect);
		for (const errno of [1026, 1030]) {
			const failing = sql`signal sqlstate 'HY000' set mysql_errno = ${sql.lit(errno)}`;
			await expect(runner.run((db) => failing.execute(db))).rejects.toMatchObject({ key: 'unavailable' });
		}
		await runner.close();
		await server.remove();
	});
});

describe('a PostgreSQL that speaks Czech', () => {
	/** What `lc_messages` does to the severity of an error: its name has as many letters. */
	const startTranslator = async (port: number) => {
		const translator = createServer((client) => {
			const server = connect(port, '127.0.0.1');
			const translate = new Transform({
				transform: (chunk: Buffer, _encoding, pass) =>
					pass(null, Buffer.from(chunk.toString('latin1').replaceAll('SERROR\0', 'SCHYBA\0'), 'latin1')),
			});
			for (const [one, other] of [
				[client, server],
				[server, client],
			] as const) {
				one.on('error', () => {});
				one.on('close', () => other.destroy());
			}
			client.pipe(server).pipe(translate).pipe(client);
		});
		translator.listen(0, '127.0.0.1');
		await once(translator, 'listening');
		onTestFinished(() => void translator.close());
		return (translator.address() as AddressInfo).port;
	};

	test('refuses a statement without losing its connection; a session that it ends is lost', async () => {
		const server = await startPostgres();
		onTestFinished(() => server.remove());
		const url = new URL(await server.createDatabase());
		url.port = String(await startTranslator(server.port));
		const dialect = postgres(url.href, 1);
		const runner = new Runner(new Kysely<Tables>({ dialect: dialect.connect() }), dialect);
		onTestFinished(() => runner.close());
		const session = async () => {
			const { rows } = await runner.run((db) => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db));
			return rows[0]?.pid ?? 0;
		};
		const first = await session();
		await runner.run((db) => sql`create table things (id integer primary key)`.execute(db));
		const insert = () => runner.unlessTaken((db) => sql`insert into things values (1)`.execute(db));
		expect(await insert()).toBeDefined();
		expect(await insert()).toBeUndefined();
		const broken = runner.run((db) => sql`no statement`.execute(db));
		await expect(broken).rejects.toMatchObject({ severity: 'CHYBA', code: '42601' });
		await expect(broken).rejects.toBeInstanceOf(pg.DatabaseError);
		expect(await session()).toBe(first);
		const suicide = runner.run((db) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(db));
		await expect(suicide).rejects.toMatchObject({ key: 'unavailable', cause: { code: '57P01' } });
		expect(await session()).not.toBe(first);
	});
});
