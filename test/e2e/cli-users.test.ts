import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { startEmbedded } from '../support/cluster.ts';
import { commandLine, refusal, root, set } from '../support/command-line.ts';
import { freePort } from '../support/processes.ts';

const { folder, alone, tschat } = commandLine('cli-users');
afterAll(folder.remove);

describe('tschat admin', () => {
	const store = { 'store.url': `sqlite:${folder.path}/admin-command.db` };
	const settings = set({ ...store, 'log.level': 'silent' });
	const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });

	/** Whether the store says that ann is one. */
	const isAdmin = async (): Promise<boolean> => {
		const { openSqlStore } = await import('../../src/adapters/sql/open-sql-store.ts');
		const opened = await openSqlStore({ url: store['store.url'], poolSize: 1, durability: 'process' });
		const user = { name: 'Ann', nameKey: 'ann', passwordHash: 'x', createdAt: 1 };
		const id = (await opened.createUser(user))?.id ?? (await opened.userByNameKey('ann'))?.id ?? 0;
		const answer = await opened.isAdmin(id);
		await opened.close();
		return answer;
	};

	beforeAll(isAdmin);

	test('makes a user an administrator, and no more one, by a name in any case', async () => {
		expect(await isAdmin()).toBe(false);
		expect(await tschat(['admin', 'ANN', ...settings])).toEqual(
			said(`ANN is now an administrator in ${store['store.url']}\n`),
		);
		expect(await isAdmin()).toBe(true);
		expect(await tschat(['admin', 'ann', ...settings])).toEqual(
			said(`ann is now an administrator in ${store['store.url']}\n`),
		);
		expect(await tschat([...settings, 'admin', '--revoke', 'ann'])).toEqual(
			said(`ann is no longer an administrator in ${store['store.url']}\n`),
		);
		expect(await isAdmin()).toBe(false);
	});

	test('reads the settings of a file and of the environment', async () => {
		writeFileSync(join(folder.path, 'admin.toml'), `[store]\nurl = "${store['store.url']}"\n[log]\nlevel = "silent"\n`);
		expect(await tschat(['admin', 'ann', '--config', 'admin.toml'])).toEqual(
			said(`ann is now an administrator in ${store['store.url']}\n`),
		);
		const env = { TSCHAT_STORE_URL: store['store.url'], TSCHAT_LOG_LEVEL: 'silent' };
		expect(await tschat(['admin', 'ann', '--revoke'], env)).toEqual(
			said(`ann is no longer an administrator in ${store['store.url']}\n`),
		);
	});

	test.each(['nobody', 'no name at all'])('says that there is no user "%s"', async (name) => {
		const line = `there is no user "${name}" in ${store['store.url']}`;
		expect(await tschat(['admin', name, ...settings])).toEqual(refusal(1, line));
	});

	test('says what is wrong with the store or the settings', async () => {
		const { code, stderr } = await tschat(['admin', 'ann', ...set({ 'store.url': 'sqlite:/dev/null/chat.db' })]);
		expect(code).toBe(1);
		expect(stderr).toMatch(/^tschat: .*\/dev\/null.*store\.url.*\n$/);
		expect(await tschat(['admin', 'ann', '--set', 'stor.url=x'])).toMatchObject({ code: 2 });
		expect(await tschat(['admin'])).toEqual(refusal(2, "missing required argument 'name'; see --help"));
	});

	test('is told by --help', async () => {
		expect((await tschat(['--help'])).stdout).toMatch(/admin .*administrator/);
		const { stdout } = await tschat(['admin', '--help']);
		for (const flag of ['revoke', 'config', 'set']) expect(stdout).toContain(`--${flag}`);
	});
});

describe('tschat ban, unban, mute and unmute', () => {
	const url = `sqlite:${folder.path}/sanction-commands.db`;
	const settings = set({ 'store.url': url, 'log.level': 'silent' });
	const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });
	/** Does something with the store while no command runs. */
	const withStore = async <T>(act: (store: ChatStore) => Promise<T>): Promise<T> => {
		const { openSqlStore } = await import('../../src/adapters/sql/open-sql-store.ts');
		const store = await openSqlStore({ url, poolSize: 1, durability: 'process' });
		return act(store).finally(() => store.close());
	};
	const sanctions = () => withStore((store) => store.sanctions({ limit: 9 }));
	beforeAll(() =>
		withStore(async (store) => {
			for (const name of ['ann', 'boss']) {
				await store.createUser({ name, nameKey: name, passwordHash: 'x', createdAt: 1 });
			}
			await store.setAdmin('boss', true);
		}),
	);

	test('ban and mute for good or for a time, with a reason, and lift it', async () => {
		expect(await tschat(['ban', 'Ann', '--reason', 'spam', ...settings])).toEqual(said(`Ann is banned in ${url}\n`));
		const { code, stdout } = await tschat([...settings, 'mute', 'ann', '--for', '90m']);
		expect([code, stdout]).toEqual([0, expect.stringMatching(/^ann is muted until \d{4}-.*Z in sqlite:.*\n$/)]);
		const [mute, ban] = await sanctions();
		expect(ban).toMatchObject({ kind: 'ban', reason: 'spam', until: null, by: null, lifted: null });
		expect(Math.abs((mute?.until ?? 0) - Date.now() - 90 * 60_000)).toBeLessThan(60_000);
		expect(await tschat(['unban', 'ann', ...settings])).toEqual(said(`ann is no longer banned in ${url}\n`));
		expect(await tschat(['unmute', 'ann', ...settings])).toEqual(said(`ann is no longer muted in ${url}\n`));
		expect(await tschat(['unmute', 'ann', ...settings])).toEqual(refusal(1, `ann is not muted in ${url}`));
	});

	test('are logged, with who did what to whom', async () => {
		const { stderr } = await tschat(['mute', 'ann', ...set({ 'store.url': url })]);
		expect(JSON.parse(stderr)).toMatchObject({ msg: 'user muted', by: null, user: 'ann', until: null, reason: '' });
		const admin = await tschat(['admin', 'ann', '--revoke', ...set({ 'store.url': url })]);
		expect(JSON.parse(admin.stderr)).toMatchObject({
			msg: 'administrators changed',
			by: null,
			user: 'ann',
			admin: false,
		});
	});

	test('say what cannot be done, and how to', async () => {
		const line = 'boss is an administrator: first say  tschat admin --revoke boss';
		expect(await tschat(['ban', 'boss', ...settings])).toEqual(refusal(1, line));
		expect(await tschat(['ban', 'nobody', ...settings])).toEqual(refusal(1, `there is no user "nobody" in ${url}`));
		const { code, stderr } = await tschat(['ban', 'ann', '--for', 'ever', ...settings]);
		expect([code, stderr]).toEqual([2, expect.stringMatching(/^tschat: .*90m, 12h or 7d.*\n$/)]);
		for (const name of ['ban', 'unban', 'mute', 'unmute'])
			expect((await tschat(['--help'])).stdout).toContain(` ${name} `);
	});
});

describe('a command where no store is', () => {
	test.each([['admin'], ['ban'], ['unban'], ['mute'], ['unmute']])(
		'%s names the file, and makes none',
		async (name) => {
			const file = join(folder.path, 'data', 'tschat.db');
			const remedy = 'give --config FILE or --set store.url=…, as the modules have it';
			const env = { TSCHAT_LOG_LEVEL: 'silent' };
			expect(await tschat([name, 'ann'], env)).toEqual(refusal(1, `there is no store at ${file}: ${remedy}`));
			expect(existsSync(join(folder.path, 'data'))).toBe(false);
		},
	);

	test('makes no tables in a database that has none', async () => {
		const file = join(folder.path, 'empty.db');
		writeFileSync(file, '');
		const { code, stderr } = await tschat(['ban', 'ann', ...set({ 'store.url': `sqlite:${file}` })]);
		expect([code, stderr]).toEqual([1, expect.stringContaining(`there is no store at ${file}: `)]);
		const database = new Database(file, { readonly: true });
		expect(database.prepare('select name from sqlite_master').all()).toEqual([]);
		database.close();
	});

	test('doctor makes none either', async () => {
		const { stdout } = await tschat(['doctor', ...set({ 'store.url': 'sqlite:unmade/tschat.db' })]);
		expect(stdout).toContain('not there yet');
		expect(existsSync(join(folder.path, 'unmade'))).toBe(false);
	});
});

test('what makes no calls needs no rpc.secret in production mode, which a module does', async () => {
	const settings = set({ ...alone('no-secret'), 'log.level': 'silent' });
	const production = ['--config', join(root, 'config', 'production.toml'), ...settings];
	for (const args of [
		['admin', 'ann'],
		['ban', 'ann'],
		['unmute', 'ann'],
	])
		expect((await tschat([...args, ...production])).stderr).toMatch(/^tschat: there is no store at/);
	const etcd = `etcd.hosts=http://127.0.0.1:${await freePort()}`;
	expect((await tschat(['top', '--once', '--set', etcd, ...production])).stderr).toContain('cannot reach etcd');
	for (const args of [[], ['--module', 'task'], ['--check-config'], ['doctor']]) {
		const { code, stdout, stderr } = await tschat([...args, ...production]);
		expect(code).not.toBe(0);
		expect(stdout + stderr).toContain('rpc.secret is missing');
	}
});

test('production mode refuses a store in which development left users with the known password, until they are banned', async () => {
	const place = alone('left-by-development');
	const url = place['store.url'];
	const node = await startEmbedded({ 'store.url': String(url) });
	await node.stop();
	const production = { ...place, 'rpc.secret': 'k3Xq9vLz2mPw7RtY', 'api.allowed_origins': 'https://chat.example.org' };
	const args = ['--config', join(root, 'config', 'production.toml'), ...set(production)];
	args.push('--set', 'connect_ws.allowed_origins=https://chat.example.org');
	const { code, stderr } = await tschat(args);
	expect([code, stderr]).toEqual([1, expect.stringContaining('everybody knows (demo, test, admin)')]);
	const settings = set({ 'store.url': url ?? '', 'log.level': 'silent' });
	expect(await tschat(['admin', '--revoke', 'admin', ...settings])).toMatchObject({ code: 0 });
	for (const name of ['demo', 'test', 'admin'])
		expect(await tschat(['ban', name, ...settings])).toMatchObject({ code: 0 });
	const { apiUrl, stop } = await startEmbedded({
		...{ 'store.url': String(url), mode: 'production', 'auth.demo_users': false, 'auth.scrypt_log_n': 15 },
		...{ 'rpc.secret': 'k3Xq9vLz2mPw7RtY', 'connect_ws.allowed_origins': 'https://chat.example.org' },
	});
	expect((await fetch(`${apiUrl}/healthz`)).status).toBe(200);
	await stop();
});
