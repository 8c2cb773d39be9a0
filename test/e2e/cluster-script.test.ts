import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { joined, post, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { freePort, type RunningProcess, startProcess, temporaryFolder } from '../support/processes.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'cluster');

interface Answer {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

interface Status {
	readonly ready: boolean;
	readonly processes: readonly {
		name: string;
		module?: string;
		pid: number;
		state: string;
		addresses: readonly string[];
	}[];
}

const folder = temporaryFolder('cluster-script');
/** Of files that are not the cluster's. */
const own = temporaryFolder('cluster-settings');
// As root, PostgreSQL runs as another user, who must be able to reach its own folder.
chmodSync(folder.path, 0o711);

const run = (program: string, args: readonly string[]): Promise<Answer> =>
	new Promise((resolve) => {
		execFile(program, args, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
		});
	});
const cluster = (...args: readonly string[]) => run(script, [...args, '--data', folder.path]);
const tschat = (...args: readonly string[]) =>
	run(process.execPath, [join(import.meta.dirname, '..', '..', 'dist', 'main.js'), ...args]);

const succeeds = async (...args: readonly string[]): Promise<void> => {
	const { code, stderr } = await cluster(...args);
	expect(code, stderr).toBe(0);
};

const status = async (): Promise<Status> => JSON.parse((await cluster('status', '--json')).stdout) as Status;

/** Not gone, and not a zombie either. */
const isRunning = (pid: number): boolean => {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

const listening = (port: number): Promise<Server | undefined> =>
	new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '0.0.0.0', () => resolve(server));
	});

const closed = async (server: Server | undefined) => {
	if (server !== undefined) await new Promise((resolve) => server.close(resolve));
};

/** A base whose ports, as the script derives them for two instances, are all free. */
const freeBase = async (): Promise<number> => {
	const isFree = async (port: number) => {
		const server = await listening(port);
		await closed(server);
		return server !== undefined;
	};
	// Below the ports that the system gives to clients.
	for (let base = 10_000 + (process.pid % 400) * 10; base < 30_000; base += 2000) {
		const ports = [0, 100].flatMap((shift) => [0, 1, 2, 70, 1080].map((offset) => base + offset + shift));
		if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
	}
	throw new Error('no free ports');
};

let base: number;
let bystander: RunningProcess;
beforeAll(async () => {
	base = await freeBase();
	const args = ['--port', String(await freePort()), '--bind', '127.0.0.1', '--save', '', '--dir', folder.path];
	bystander = startProcess('redis-server', args);
	await bystander.outputMatching(/Ready to accept connections/);
});
afterEach(() => cluster('down'));
afterAll(async () => {
	await bystander.stop();
	folder.remove();
	own.remove();
});

const apiUrl = () => `http://127.0.0.1:${base + 70}`;

describe('scripts/cluster', () => {
	test('runs modules several times each, chats across them, and leaves nothing but its data behind', async () => {
		const counts = ['--connect-ws', '2', '--logic', '2', '--task', '2', '--port-base', String(base)];
		const settings = ['[connect]\nflush_ms = 5\nbuckets = 8\n', '[connect]\nflush_ms = 6\n'].flatMap((toml, index) => {
			const path = join(own.path, `${index}.toml`);
			writeFileSync(path, toml);
			return ['--config', path];
		});
		await succeeds('up', ...counts, ...settings);

		const { ready, processes } = await status();
		expect(ready).toBe(true);
		expect(new Set(processes.map(({ state }) => state))).toEqual(new Set(['ready']));
		expect(processes.map(({ name }) => name).sort()).toEqual(
			[
				'api-1',
				'connect-tcp-1',
				'connect-ws-1',
				'connect-ws-2',
				'etcd',
				'logic-1',
				'logic-2',
				'redis',
				'site-1',
			].concat(['task-1', 'task-2']),
		);
		const wsUrls = processes.filter(({ module }) => module === 'connect-ws').map(({ addresses }) => addresses[0] ?? '');
		expect(wsUrls).toEqual([`ws://127.0.0.1:${base}/ws`, `ws://127.0.0.1:${base + 100}/ws`]);
		const config = await fetch(`http://127.0.0.1:${base + 1080}/config.json`);
		expect(await config.json()).toEqual({ apiUrl: apiUrl(), wsUrl: null });

		const token = await tokenOf(apiUrl(), 'ann', 'correct horse');
		const readers = await Promise.all(wsUrls.map((url) => webSocketClient(url, token, 5)));
		await Promise.all(readers.map((reader) => joined(reader, 'ann')));
		await post(apiUrl(), '/push/pushRoom', { authToken: token, msg: 'hello, all', roomId: 5 });
		for (const { received, close } of readers) {
			await received.message('hello, all');
			close();
		}

		expect(await cluster('up', ...counts)).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/^cluster: up already/),
		});
		const file = join(folder.path, 'cluster.toml');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect((await cluster('status')).stdout).toContain(`--config ${file}\n`);
		expect(readFileSync(file, 'utf8')).toContain('[connect]\nbuckets = 8\nflush_ms = 6\n');
		const command = (...args: readonly string[]) => tschat(...args, '--config', file, '--set', 'log.level=silent');
		expect(await command('mute', 'ann')).toMatchObject({ stdout: `ann is muted in sqlite:${folder.path}/tschat.db\n` });
		expect(await command('doctor', '--module', 'logic')).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/as all that run: .*2 logic/),
		});
		expect(await command('top', '--once', '--json')).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('"connect-ws"'),
		});

		expect(await cluster('logs', 'logic')).toMatchObject({ code: 0, stdout: expect.stringMatching(/logic-2\.log/) });

		expect(await cluster('down')).toMatchObject({ code: 0, stdout: 'down\n' });
		expect(processes.filter(({ pid }) => isRunning(pid))).toEqual([]);
		expect(existsSync(file)).toBe(false);
		expect(await cluster('status')).toMatchObject({ code: 1 });
		expect(isRunning(bystander.pid)).toBe(true);

		await succeeds('up', '--port-base', String(base));
		const login = await post(apiUrl(), '/user/login', { userName: 'ann', passWord: 'correct horse' });
		expect(login).toMatchObject({ code: 0 });
	}, 60_000);

	test('keeps its data in a PostgreSQL of its own, and its secrets to its owner', async () => {
		const up = () => succeeds('up', '--store', 'postgres', '--port-base', String(base), '--site', '0');
		await up();
		await tokenOf(apiUrl(), 'bob', 'correct horse');
		await cluster('down');
		await up();
		const login = await post(apiUrl(), '/user/login', { userName: 'bob', passWord: 'correct horse' });
		expect(login).toMatchObject({ code: 0 });

		const secretsFile = join(folder.path, 'secrets.json');
		expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
		const secrets = Object.values(JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, string>);
		const { processes } = await status();
		const commandLines = processes.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join('\n');
		expect(commandLines).toContain('--module\0logic');
		for (const secret of secrets) expect(commandLines).not.toContain(secret);

		expect(await cluster('down', '--wipe')).toMatchObject({ code: 0, stdout: 'down; data deleted\n' });
		expect(existsSync(folder.path)).toBe(false);
	}, 60_000);

	test('takes everything down again and shows why when a module does not start', async () => {
		const up = await cluster('up', '--port-base', String(base), '--set', 'connect.buckets=0');
		expect(up).toMatchObject({ code: 1, stderr: expect.stringMatching(/ ended; .*\n.*connect\.buckets .* must be /) });
		expect(await status()).toMatchObject({ ready: false, processes: [] });
		expect(await cluster('down')).toMatchObject({ stdout: 'was not up\n' });
	});

	test('refuses a setting that it makes itself, before it starts anything', async () => {
		const { code, stderr } = await cluster('up', '--set', 'store.url=mysql://x:y@127.0.0.1:9/z');
		expect([code, stderr]).toEqual([2, 'cluster: store.url is chosen here: see --store, --port-base and --data\n']);
	});

	test('says in one line which port is taken', async () => {
		const server = await listening(base + 1);
		const up = await cluster('up', '--port-base', String(base));
		await closed(server);
		expect(up.code).toBe(1);
		expect(up.stderr).toMatch(new RegExp(`^cluster: port ${base + 1} \\(connect-tcp-1\\) is taken; .*\n$`));
	});

	test('ends what follows logs when it is ended itself', async () => {
		mkdirSync(join(folder.path, 'logs'), { recursive: true });
		writeFileSync(join(folder.path, 'logs', 'told.log'), 'a line of the log\n');
		const follows = startProcess(script, ['logs', 'told', '-f', '--data', folder.path]);
		await follows.outputMatching(/a line of the log/);
		const [tail = 0] = readFileSync(`/proc/${follows.pid}/task/${follows.pid}/children`, 'utf8').split(' ').map(Number);
		expect(isRunning(tail)).toBe(true);
		follows.signal('SIGTERM');
		await follows.exited;
		expect(isRunning(tail)).toBe(false);
	});

	test('does not signal a process that has got the pid of one that it started', async () => {
		const stranger = { name: 'redis', pid: bystander.pid, started: 'another boot:1', addresses: [], log: '' };
		writeFileSync(join(folder.path, 'cluster.json'), JSON.stringify({ store: 'sqlite', processes: [stranger] }));
		expect(await status()).toMatchObject({ processes: [{ state: 'dead' }] });
		await cluster('down');
		expect(isRunning(bystander.pid)).toBe(true);
	});
});
