import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { MessageV2 } from '../../src/protocol/v2/values.ts';
import { createAuthority } from '../support/certificates.ts';
import { startEmbedded } from '../support/cluster.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { startFlow } from '../support/flow.ts';
import { post, tokenOf } from '../support/gochat-client.ts';
import { historyOf } from '../support/history.ts';
import { startMariadb } from '../support/mariadb.ts';
import { startPostgres } from '../support/postgres.ts';
import { temporaryFolder } from '../support/processes.ts';
import { runScript } from '../support/scripts.ts';
import { tschatWebSocketClient } from '../support/tschat-client.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder('backup');
afterAll(folder.remove);

const run = (script: string, ...args: string[]) => runScript([script, ...args]);
const succeeded = { code: 0, stderr: '' };

/** What the doctor says of a store. */
const examined = (storeUrl: string) =>
	new Promise<{ level: string; what: string; found: string }[]>((resolve, reject) => {
		const args = [join(root, 'dist', 'main.js'), 'doctor', '--json', '--set', `store.url=${storeUrl}`];
		// Its ports are not ours, so it may fail.
		execFile(process.execPath, args, { timeout: 25_000 }, (error, stdout) => {
			if (stdout === '') reject(error);
			else resolve(JSON.parse(stdout).findings.filter(({ what }: { what: string }) => /store|clock/.test(what)));
		});
	});

interface Databases {
	/** The URL of a place where nothing is. */
	empty(): Promise<string>;
	/** SQLite: what is written from now on stays in the write-ahead log, and out of the file itself, until the end. */
	keepLog?(storeUrl: string): () => void;
	stop(): Promise<void>;
}

const onServer = (start: () => Promise<DatabaseServer>) => async (): Promise<Databases> => {
	const server = await start();
	return { empty: () => server.createDatabase(), stop: () => server.remove() };
};
const authority = createAuthority();
const pair = authority.issue('database');
const withSsl = (storeUrl: string, ssl: unknown) => `${storeUrl}?ssl=${encodeURIComponent(JSON.stringify(ssl))}`;
const startSecureMariadb = async (): Promise<Databases> => {
	const server = await startMariadb({ tls: pair });
	const ssl = { ca: authority.pem.toString(), verifyIdentity: true };
	return { empty: async () => withSsl(await server.createDatabase(), ssl), stop: () => server.remove() };
};
const kinds: [string, () => Promise<Databases>][] = [
	[
		'SQLite',
		async () => ({
			empty: async () => `sqlite:${folder.path}/${randomUUID()}/tschat.db`,
			keepLog: (storeUrl) => {
				const reader = new Database(storeUrl.slice('sqlite:'.length), { readonly: true });
				reader.prepare('begin').run();
				reader.prepare('select count(*) from logs').get();
				return () => void reader.close();
			},
			stop: async () => {},
		}),
	],
	['PostgreSQL', onServer(startPostgres)],
	['MariaDB', onServer(startMariadb)],
	['MariaDB that takes nothing but TLS', startSecureMariadb],
];

describe.each(kinds)('a backup of %s', (_, start) => {
	let databases: Databases;
	beforeAll(async () => {
		databases = await start();
	});
	afterAll(() => databases.stop());

	const startOn = async (storeUrl: string) => {
		const node = await startEmbedded({ 'store.url': storeUrl });
		onTestFinished(() => node.stop());
		return node;
	};
	/** What a person sees of the store: a room, and direct messages. */
	const contentOf = async (apiUrl: string, token: string, direct: string) => ({
		room: await historyOf(apiUrl, token, 'room:1'),
		direct: await historyOf(apiUrl, token, direct),
	});
	const isPrefix = (part: readonly MessageV2[], whole: readonly MessageV2[]) => {
		expect(part.map(({ seq }) => seq)).toEqual(part.map((__, index) => index + 1));
		expect(part).toEqual(whole.slice(0, part.length));
	};

	test('made under load is a gapless beginning of every log, on which a chat goes on', async () => {
		const source = await databases.empty();
		const file = join(folder.path, randomUUID());
		const first = await startOn(source);
		const [ann, bob] = [await tokenOf(first.apiUrl, 'ann'), await tokenOf(first.apiUrl, 'bob')];
		const bobClient = await tschatWebSocketClient(first.wsUrl);
		const bobId = (await bobClient.ask({ type: 'hello', token: bob }, 'welcome')).user.id;
		const endLog = databases.keepLog?.(source);
		const flow = startFlow(first.apiUrl, ann, 1);
		await flow.more(100);
		expect(
			await post(first.apiUrl, '/push/push', { authToken: ann, msg: 'hi', toUserId: String(bobId), roomId: 1 }),
		).toMatchObject({ code: 0 });
		const direct = (await bobClient.message('hi')).conv;
		const accepted = flow.accepted.size;
		expect(await run('backup', '--store', source, '--out', file)).toMatchObject(succeeded);
		endLog?.();
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await flow.more(100);
		await flow.stop();
		const whole = await contentOf(first.apiUrl, ann, direct);
		expect(whole.room).toHaveLength(flow.accepted.size);

		const target = await databases.empty();
		const restored = await run('restore', '--store', target, file);
		expect(restored).toMatchObject(succeeded);
		expect(restored.stdout).toMatch(/^restored \d+ messages of 2 conversations into \S+; every log is whole\n$/);
		// Into an empty place only.
		expect(await run('restore', '--store', target, file)).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('restore'),
		});

		const findings = await examined(target);
		expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
		expect(findings).toContainEqual(expect.objectContaining({ what: 'store tables', found: 'up to date' }));
		expect(findings).toContainEqual(expect.objectContaining({ what: 'store write', level: 'ok' }));

		const second = await startOn(target);
		const old = await contentOf(second.apiUrl, ann, direct);
		isPrefix(old.room, whole.room);
		isPrefix(old.direct, whole.direct);
		// What was accepted before the backup began is in it.
		expect(old.room.length).toBeGreaterThanOrEqual(accepted);
		expect(old.room.length).toBeLessThan(whole.room.length);

		// A client whose position was lost is told, and goes on from the head.
		const ahead = await tschatWebSocketClient(second.wsUrl);
		await ahead.ask({ type: 'hello', token: ann, cursors: { 'room:1': whole.room.length } }, 'welcome');
		expect(await ahead.frame('reset')).toEqual({ type: 'reset', conv: 'room:1', head: old.room.length });
		const more = startFlow(second.apiUrl, ann, 1);
		await more.more(20);
		await more.stop();
		const now = await historyOf(second.apiUrl, ann, 'room:1');
		isPrefix(old.room, now);
		expect(now).toHaveLength(old.room.length + more.accepted.size);
		expect(now.map(({ seq }) => seq)).toEqual(now.map((__, index) => index + 1));
		await ahead.message(now.at(-1)?.body ?? '');
		expect(ahead.of('message').map(({ seq }) => seq)).toEqual(now.slice(old.room.length).map(({ seq }) => seq));
		// Ids of the lost stretch are not given out again.
		const ids = [...whole.room, ...whole.direct, ...now.slice(old.room.length)].map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		ahead.close();
		bobClient.close();
	});
});

test("a backup of SQLite is its owner's alone from its first byte on", async () => {
	const large = join(folder.path, 'large.db');
	const database = new Database(large);
	// Some time to be read in.
	database.exec('create table things (content blob)');
	const fill = database.prepare('insert into things values (randomblob(1000000))');
	database.transaction(() => Array.from({ length: 40 }, () => fill.run()))();
	database.close();
	const place = join(folder.path, 'place');
	mkdirSync(place);
	const modes = new Set<number>();
	const look = () => {
		for (const name of readdirSync(place)) {
			// The last name comes in the middle of it.
			const found = statSync(join(place, name), { throwIfNoEntry: false });
			if (found !== undefined) modes.add(found.mode & 0o777);
		}
	};
	const watcher = watch(place, look);
	expect(await run('backup', '--store', `sqlite:${large}`, '--out', join(place, 'copy'))).toMatchObject(succeeded);
	look();
	watcher.close();
	expect(modes).toEqual(new Set([0o600]));
});

describe('a backup of MariaDB by TLS', () => {
	let server: DatabaseServer;
	let store: string;
	const ca = authority.pem.toString();
	const stranger = createAuthority();
	beforeAll(async () => {
		server = await startMariadb({ tls: authority.issue('named', { names: ['DNS:localhost'] }) });
		store = await server.createDatabase();
	});
	afterAll(() => server.remove());

	test.each([
		['with an authority that signed its certificate, but for another host', { ca, verifyIdentity: true }],
		['with another authority', { ca: stranger.pem.toString() }],
		['with those that everybody knows', { rejectUnauthorized: true }],
	])('is not made %s', async (_, ssl) => {
		const file = join(folder.path, randomUUID());
		const ended = await run('backup', '--store', withSsl(store, ssl), '--out', file);
		expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/TLS\/SSL error/) });
		expect(existsSync(file)).toBe(false);
	});

	test('trusts whom Node.js trusts where the URL names nobody', async () => {
		vi.stubEnv('NODE_EXTRA_CA_CERTS', authority.ca);
		onTestFinished(() => void vi.unstubAllEnvs());
		const named = withSsl(store.replace('127.0.0.1', 'localhost'), { verifyIdentity: true });
		expect(await run('backup', '--store', named, '--out', join(folder.path, randomUUID()))).toMatchObject(succeeded);
	});

	test('is made without checking where the store says so', async () => {
		const file = join(folder.path, randomUUID());
		const unchecked = withSsl(store, { rejectUnauthorized: false, ca: stranger.pem.toString() });
		expect(await run('backup', '--store', unchecked, '--out', file)).toMatchObject(succeeded);
	});

	test.each([
		['{"passphrase":"s3cret"}', 'cannot be told of ssl.passphrase'],
		['Amazon RDS', 'must be an object in JSON'],
		['true', 'must be an object in JSON'],
	])('is refused where its programs cannot be told of %s', async (ssl, line) => {
		const ended = await run('backup', '--store', `${store}?ssl=${ssl}`, '--out', join(folder.path, randomUUID()));
		expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(line) });
		expect(ended.stderr).not.toContain('s3cret');
	});
});

describe('a backup of PostgreSQL by TLS', () => {
	let server: DatabaseServer;
	let store: string;
	beforeAll(async () => {
		server = await startPostgres({ tls: authority.issue('postgres', { names: ['DNS:localhost'] }) });
		store = (await server.createDatabase()).replace('127.0.0.1', 'localhost');
	});
	afterAll(() => server.remove());

	test.each(['sslmode=require', 'sslmode=prefer', 'ssl=true'])(
		'is not made with %s from a server of which nobody knows the authority, which gets no password',
		async (asked) => {
			const file = join(folder.path, randomUUID());
			const ended = await run('backup', '--store', `${store}?${asked}`, '--out', file);
			expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('certificate verify failed') });
			expect(existsSync(file)).toBe(false);
		},
	);

	test('trusts whom the URL or Node.js trusts, and everybody where the URL says so', async () => {
		const backup = (asked: string) =>
			run('backup', '--store', `${store}?${asked}`, '--out', join(folder.path, randomUUID()));
		expect(await backup(`sslrootcert=${authority.ca}`)).toMatchObject(succeeded);
		expect(await backup('sslmode=no-verify')).toMatchObject(succeeded);
		vi.stubEnv('NODE_EXTRA_CA_CERTS', authority.ca);
		onTestFinished(() => void vi.unstubAllEnvs());
		expect(await backup('sslmode=require')).toMatchObject(succeeded);
	});
});

describe('backup and restore refuse', () => {
	const store = `sqlite:${folder.path}/refuse.db`;
	const file = join(folder.path, 'refuse.backup');
	beforeAll(async () => {
		const node = await startEmbedded({ 'store.url': store });
		const token = await tokenOf(node.apiUrl, 'ann');
		const flow = startFlow(node.apiUrl, token, 1);
		await flow.more(10);
		await flow.stop();
		await node.stop();
		expect(await run('backup', '--store', store, '--out', file)).toMatchObject(succeeded);
	});
	const refused = (line: string, code = 1) => ({ code, stdout: '', stderr: expect.stringContaining(line) });

	test('to write over anything', async () => {
		const before = readFileSync(file);
		expect(await run('backup', '--store', store, '--out', file)).toEqual(refused('exists already', 2));
		expect(await run('restore', '--store', store, file)).toEqual(refused('restore to where nothing is'));
		expect(readFileSync(file)).toEqual(before);
	});

	test('to write into a folder that is not there', async () => {
		const ended = await run('backup', '--store', store, '--out', join(folder.path, 'none', 'copy.db'));
		expect(ended).toEqual({
			code: 2,
			stdout: '',
			stderr: `backup: cannot write into the folder ${join(folder.path, 'none')} (ENOENT)\n`,
		});
	});

	test('a store that is not there, and a file that is no backup or of another database', async () => {
		const text = join(folder.path, 'text');
		writeFileSync(text, 'hello');
		expect(await run('backup', '--store', 'sqlite:/nowhere/t.db', '--out', `${file}.2`)).toEqual(
			refused('there is no store at /nowhere/t.db'),
		);
		expect(await run('restore', '--store', `${store}.2`, text)).toEqual(refused('is no backup', 2));
		expect(await run('restore', '--store', 'postgres://127.0.0.1:1/none', file)).toEqual(
			refused('a backup of SQLite', 2),
		);
		expect(await run('backup', '--store', 'postgres://u:s3cret@127.0.0.1:1/x', '--out', `${file}.3`)).toEqual(
			refused('127.0.0.1'),
		);
		for (const left of [`${file}.2`, `${file}.3`, `${file}.3.partial`, `${folder.path}/refuse.db.2`])
			expect(existsSync(left)).toBe(false);
	});

	test.each([
		[
			'a message in the middle',
			'delete from messages where seq = 5',
			'1 conversations whose messages are not 1 to their head',
		],
		['the last message', 'delete from messages where seq = (select max(seq) from messages)', '1 conversations'],
		['the log of a conversation', 'delete from logs', 'messages of conversations that are not there'],
	])('a backup that lacks %s, and leave nothing', async (_, damage, line) => {
		const damaged = join(folder.path, randomUUID());
		writeFileSync(damaged, readFileSync(file));
		const database = new Database(damaged);
		database.pragma('journal_mode = delete');
		database.prepare(damage).run();
		database.close();
		const target = `${folder.path}/${randomUUID()}.db`;
		expect(await run('restore', '--store', `sqlite:${target}`, damaged)).toEqual(refused(line));
		for (const left of [target, `${target}.partial`]) expect(existsSync(left)).toBe(false);
	});
});
