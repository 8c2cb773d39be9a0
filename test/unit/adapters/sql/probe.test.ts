import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openSqlStore } from '../../../../src/adapters/sql/open-sql-store.ts';
import { probeStore } from '../../../../src/adapters/sql/probe.ts';
import { temporaryFolder } from '../../../support/processes.ts';

/** A store that somebody writes to: until `commit`. */
const writtenStore = async () => {
	const folder = temporaryFolder('probe');
	const file = join(folder.path, 'chat.db');
	const options = { url: `sqlite:${file}`, poolSize: 1, durability: 'process' } as const;
	await (await openSqlStore(options)).close();
	const writer = new Database(file);
	writer.exec('begin immediate');
	onTestFinished(() => {
		writer.close();
		folder.remove();
	});
	return { options, commit: () => writer.exec('commit') };
};

test('a SQLite that others write to for a moment can be written', async () => {
	const { options, commit } = await writtenStore();
	setTimeout(commit, 300);
	expect(await probeStore(options)).toMatchObject({ writeFailure: undefined, busy: false });
});

test('one that others write to for long is busy', async () => {
	const { options } = await writtenStore();
	expect(await probeStore(options)).toMatchObject({ writeFailure: { code: 'SQLITE_BUSY' }, busy: true });
});
