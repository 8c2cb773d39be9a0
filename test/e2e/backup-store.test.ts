import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { startPostgres } from '../support/postgres.ts';
import { temporaryFolder } from '../support/processes.ts';
import { runScript } from '../support/scripts.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder('backup-store');
afterAll(folder.remove);
const path = (name: string) => join(folder.path, name);

/** Makes a store that holds nothing but a user; who that is tells one from another. */
const makeStore = async (url: string, name: string): Promise<void> => {
	const store = await openSqlStore({ url, poolSize: 1, durability: 'process' });
	await store.createUser({ name, nameKey: name, passwordHash: 'x', createdAt: 1 });
	await store.close();
};
const userIn = (file: string): unknown => {
	const database = new Database(file, { readonly: true });
	const [user] = database.prepare('select name from users').all() as { name: string }[];
	database.close();
	return user?.name;
};

describe('backup and restore find the store as every command does', () => {
	const names = ['default', 'config', 'later', 'variable', 'file', 'set', 'store'];
	const urlOf = (name: string) => `sqlite:${path(`${name}.db`)}`;
	const config = ['--config', path('config.toml')];
	const later = [...config, '--config', path('later.toml')];
	const set = ['--set', `store.url=${urlOf('set')}`];
	const variable = { TSCHAT_STORE_URL: urlOf('variable') };
	const inFile = { TSCHAT_STORE_URL_FILE: path('store-url') };
	beforeAll(async () => {
		for (const name of ['config', 'later']) writeFileSync(path(`${name}.toml`), `[store]\nurl = "${urlOf(name)}"\n`);
		writeFileSync(path('store-url'), `${urlOf('file')}\n`);
		for (const name of names.slice(1)) await makeStore(urlOf(name), name);
		// Where a command looks that is told of no store.
		await makeStore(`sqlite:${path('data/tschat.db')}`, 'default');
	});

	test.each<[string, readonly string[], Record<string, string>]>([
		['default', [], {}],
		['config', config, {}],
		['later', later, {}],
		['variable', later, variable],
		['file', later, inFile],
		['set', [...later, ...set], inFile],
		['store', ['--store', urlOf('store'), ...later, ...set], variable],
	])('that of %s, and name it', async (name, args, env) => {
		const copy = path(`${name}.copy`);
		const url = name === 'default' ? `sqlite:${path('data/tschat.db')}` : urlOf(name);
		const backup = await runScript(['backup', ...args, '--out', copy], { env, cwd: folder.path });
		expect(backup).toEqual({ code: 0, stdout: `copied ${url} to ${copy}: 0.1 MB\n`, stderr: '' });
		expect(userIn(copy)).toBe(name);
		// It is there, and so it is refused.
		const restore = await runScript(['restore', ...args, copy], { env, cwd: folder.path });
		const line = `restore: ${url.slice('sqlite:'.length)} exists: restore to where nothing is\n`;
		expect(restore).toEqual({ code: 1, stdout: '', stderr: line });
	});

	test.each<[string, readonly string[], Record<string, string>]>([
		['cannot read the file "/none" that TSCHAT_STORE_URL_FILE names (ENOENT)', [], { TSCHAT_STORE_URL_FILE: '/none' }],
		['there is no config file "none.toml"', ['--config', 'none.toml', '--config', 'config.toml'], {}],
		['unknown key "store.uri" in --set; did you mean "store.url"?', ['--set', 'store.uri=sqlite:x'], {}],
		['unknown variable TSCHAT_STORE_URI; did you mean "TSCHAT_STORE_URL"?', [], { TSCHAT_STORE_URI: 'x' }],
		['--store is empty: is the variable set from which it is taken?', ['--store', ''], {}],
		['--store is empty: is the variable set from which it is taken?', ['--store='], variable],
	])('and end with one line: %s', async (line, args, env) => {
		const out = path('none.copy');
		const backup = await runScript(['backup', ...args, '--out', out], { env, cwd: folder.path });
		expect(backup).toEqual({ code: 2, stdout: '', stderr: `backup: ${line}\n` });
		const restore = await runScript(['restore', ...args, path('store-url')], { env, cwd: folder.path });
		expect(restore).toEqual({ code: 2, stdout: '', stderr: `restore: ${line}\n` });
		expect(existsSync(out)).toBe(false);
	});
});

test.each(['postgres://chat:geheim/77@127.0.0.1/chat', 'mysql://chat:geheim#77@127.0.0.1/chat'])(
	'a password whose characters are not written as in a URL is not shown: %s',
	async (url) => {
		for (const [name, ...args] of [
			['backup', '--store', url, '--out', path('none.copy')],
			['restore', '--store', url, path('store-url')],
		]) {
			const { code, stdout, stderr } = await runScript([name ?? '', ...args], { cwd: folder.path });
			expect([code, stdout, stderr]).toEqual([
				2,
				'',
				expect.stringMatching(/^\w+: the store is no URL: [^\n]*%2F[^\n]*\n$/),
			]);
			expect(stderr).not.toContain('geheim');
		}
	},
);

test('a backup that is stopped ends the program of the database, and leaves neither a file nor keys', async () => {
	// Takes connections, and says nothing.
	const silent = createServer();
	const port = await new Promise<number>((resolve) =>
		silent.listen(0, '127.0.0.1', () => resolve((silent.address() as AddressInfo).port)),
	);
	mkdirSync(path('tmp'));
	const tls = encodeURIComponent(JSON.stringify({ key: 'a key', cert: 'a certificate', ca: 'an authority' }));
	const args = ['--store', `mysql://chat:s3cret@127.0.0.1:${port}/chat?ssl=${tls}`, '--out', path('stopped.copy')];
	const backup = spawn(process.execPath, [join(root, 'scripts/backup'), ...args], {
		cwd: folder.path,
		env: { ...process.env, TMPDIR: path('tmp') },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const said = text(backup.stderr);
	const [socket] = (await once(silent, 'connection')) as [Socket];
	expect(readdirSync(path('tmp'))).toHaveLength(1);
	const closed = once(socket.on('error', () => {}).resume(), 'close');
	backup.kill('SIGTERM');
	const [[code]] = await Promise.all([once(backup, 'exit'), closed]);
	expect([code, await said]).toEqual([1, 'backup: stopped by SIGTERM\n']);
	expect([
		readdirSync(path('tmp')),
		existsSync(path('stopped.copy')),
		existsSync(path('stopped.copy.partial')),
	]).toEqual([[], false, false]);
	silent.close();
});

test('the example of docs/operations.md works as it is written, and no program is given a password', async () => {
	const server = await startPostgres({ password: 'k3Xq9vLz' });
	try {
		const [full, empty] = [await server.createDatabase(), await server.createDatabase()];
		await makeStore(full, 'ann');
		const [, example = ''] =
			/## Backup and restore\n[^#]*?```sh\n([^`]*)```/.exec(readFileSync(join(root, 'docs/operations.md'), 'utf8')) ??
			[];
		expect(example).toMatch(/scripts\/backup[\s\S]*scripts\/restore/);
		expect(example).not.toMatch(/--store|:\/\//);
		for (const name of ['etc', 'backup']) mkdirSync(path(name));
		writeFileSync(path('etc/store-url'), full);
		writeFileSync(path('etc/empty-store-url'), empty);
		const here = example.replaceAll('/etc/tschat', path('etc')).replaceAll('/backup/', `${path('backup')}/`);
		const { stdout } = await promisify(execFile)('bash', ['-euc', here], { cwd: root });
		const shown = (url: string) => url.replace('k3Xq9vLz', '***');
		expect(stdout.split('\n')).toEqual([
			expect.stringContaining(`copied ${shown(full)} to ${path('backup')}/tschat-`),
			`restored 0 messages of 0 conversations into ${shown(empty)}; every log is whole`,
			'',
		]);
	} finally {
		await server.remove();
	}
});
