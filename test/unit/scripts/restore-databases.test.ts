import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'restore-databases.mjs');
const { restoreDatabase } = (await import(script)) as {
	restoreDatabase(store: string, file: string): Promise<unknown>;
};

test('a SQLite backup whose end is missing is told in a line, and nothing is restored', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'tschat-restore-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const [backup, store] = [join(folder, 'backup.db'), join(folder, 'store.db')];
	const database = new Database(backup);
	database.exec(`create table logs (body text); insert into logs values (hex(zeroblob(50000)))`);
	database.close();
	writeFileSync(backup, readFileSync(backup).subarray(0, 20_000));

	const failure = await restoreDatabase(`sqlite:${store}`, backup).catch((error: unknown) => error);
	expect(failure).toMatchObject({ message: `${backup} is damaged: database disk image is malformed`, exitCode: 1 });
	expect([store, `${store}.partial`].filter(existsSync)).toEqual([]);
});
