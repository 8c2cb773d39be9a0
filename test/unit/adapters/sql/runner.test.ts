import { join } from 'node:path';
import { SqliteError } from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { sqlite } from '../../../../src/adapters/sql/dialects/sqlite.ts';
import { countErrors, Runner } from '../../../../src/adapters/sql/runner.ts';
import type { Tables } from '../../../../src/adapters/sql/tables.ts';
import { createMetrics } from '../../../../src/runtime/metrics/metrics.ts';
import { reader } from '../../../support/metric-values.ts';
import { temporaryFolder } from '../../../support/processes.ts';

test('the store counts what the database refuses and what it makes again, not what is there already', async () => {
	const folder = temporaryFolder('runner');
	const metrics = createMetrics();
	const dialect = sqlite(join(folder.path, 'chat.db'), 'process');
	const runner = new Runner(
		new Kysely<Tables>({ dialect: dialect.connect() }),
		dialect,
		countErrors(metrics.of('all')),
	);
	const run = (text: string) => runner.run((db) => sql.raw(text).execute(db));

	await run('create table things (id integer primary key)');
	await run('insert into things values (1)');
	await expect(run('insert into things values (1)')).rejects.toThrow();
	await expect(run('no statement')).rejects.toThrow();
	let tries = 0;
	await runner.run(async () => {
		tries += 1;
		if (tries < 3) throw new SqliteError('locked', 'SQLITE_BUSY');
	});

	const errors = (kind: string) => reader(metrics)('tschat_store_errors_total', { kind });
	expect([await errors('failed'), await errors('conflict'), await errors('unavailable')]).toEqual([1, 2, 0]);
	await runner.close();
	folder.remove();
});
