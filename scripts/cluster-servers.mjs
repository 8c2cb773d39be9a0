// The servers of a cluster: Redis, etcd and, if it is the store, PostgreSQL; each with ports and a folder of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { ClusterFailure } from './cluster-failure.mjs';
import { within } from './cluster-process.mjs';
import { findProgram } from './find-program.mjs';

/** Debian's package of each program that the store needs. */
const packages = (store) => ({
	'redis-server': 'redis-server',
	etcd: 'etcd-server',
	...(store === 'postgres' ? { postgres: 'postgresql', initdb: 'postgresql' } : {}),
});

/** Fails with one line that says what to install. */
export const requirePrograms = (store) => {
	const missing = Object.entries(packages(store)).filter(([program]) => findProgram(program) === undefined);
	if (missing.length === 0) return;
	const wanted = [...new Set(missing.map(([, name]) => name))].join(' ');
	const programs = missing.map(([program]) => program).join(', ');
	throw new ClusterFailure(`${programs} not found; as root: apt-get install -y --no-install-recommends ${wanted}`);
};

const isFree = async (port) => {
	const server = createServer();
	const free = await new Promise((resolve) =>
		server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
	);
	if (free) await new Promise((resolve) => server.close(resolve));
	return free;
};

/** Below the ports that the system gives to clients: one of those could take it before the server does. */
const freePort = async () => {
	const port = randomInt(11_000, 32_768);
	return (await isFree(port)) ? port : freePort();
};

/** An empty folder: what Redis and etcd know is of no use to a cluster that starts anew. */
const emptyFolder = (path) => {
	rmSync(path, { recursive: true, force: true });
	mkdirSync(path, { mode: 0o700 });
	return path;
};

const prepareRedis = async ({ folder, secrets }) => {
	const port = await freePort();
	const home = emptyFolder(join(folder, 'redis'));
	const file = join(home, 'redis.conf');
	const lines = [
		'bind 127.0.0.1',
		`port ${port}`,
		`dir "${home}"`,
		`requirepass ${secrets.redis}`,
		'save ""',
		'appendonly no',
	];
	writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
	return {
		spec: {
			name: 'redis',
			program: findProgram('redis-server'),
			args: [file],
			addresses: [`redis://127.0.0.1:${port}`],
		},
		env: { TSCHAT_REDIS_URL: `redis://:${secrets.redis}@127.0.0.1:${port}` },
	};
};

const prepareEtcd = async ({ folder }) => {
	const url = `http://127.0.0.1:${await freePort()}`;
	const peerUrl = `http://127.0.0.1:${await freePort()}`;
	const args = [
		...['--name', 'tschat', '--data-dir', join(emptyFolder(join(folder, 'etcd')), 'data')],
		...['--listen-client-urls', url, '--advertise-client-urls', url],
		...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
		...['--initial-cluster', `tschat=${peerUrl}`, '--logger', 'zap', '--log-outputs', 'stderr'],
	];
	return {
		spec: { name: 'etcd', program: findProgram('etcd'), args, addresses: [url] },
		env: { TSCHAT_ETCD_HOSTS: url },
	};
};

const idOf = (flag) => {
	try {
		return Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
	} catch {
		throw new ClusterFailure('PostgreSQL does not run as root, and there is no user "postgres" for it');
	}
};

const requireAccess = (home, identity) => {
	if (spawnSync('test', ['-w', home], { ...identity, cwd: '/' }).status === 0) return;
	throw new ClusterFailure(`PostgreSQL runs as user "postgres", which cannot reach ${home}; choose another --data`);
};

const initialise = (home, data, identity, password) => {
	const passwordFile = join(home, 'password');
	writeFileSync(passwordFile, password, { mode: 0o600 });
	if (identity.uid !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
	const args = ['-D', data, '-U', 'tschat', '-A', 'scram-sha-256', '--pwfile', passwordFile];
	try {
		const options = { ...identity, cwd: home, stdio: 'pipe', encoding: 'utf8' };
		execFileSync(findProgram('initdb'), [...args, '-E', 'UTF8', '--locale=C'], options);
	} catch (error) {
		const reason = `${error.stderr ?? ''}`.trim() || error.message;
		throw new ClusterFailure(`PostgreSQL's initdb failed in ${home}: ${reason}`);
	} finally {
		rmSync(passwordFile, { force: true });
	}
};

const preparePostgres = async ({ folder, secrets }) => {
	// As root it runs as the system user of its package.
	const identity = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
	const home = join(folder, 'postgres');
	const data = join(home, 'data');
	if (!existsSync(join(data, 'PG_VERSION'))) {
		emptyFolder(home);
		if (identity.uid !== undefined) chownSync(home, identity.uid, identity.gid);
		requireAccess(home, identity);
		initialise(home, data, identity, secrets.postgres);
	}
	const port = await freePort();
	const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=300'];
	const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
	return {
		spec: {
			name: 'postgres',
			program: findProgram('postgres'),
			args,
			identity,
			addresses: [`postgres://127.0.0.1:${port}`],
		},
		env: { TSCHAT_STORE_URL: `postgres://tschat:${secrets.postgres}@127.0.0.1:${port}/tschat` },
	};
};

/**
 * The servers to start, `{ spec, env }` each: `env` is how the modules find them. Addresses are those of what is kept
 * in the state, without passwords.
 */
export const prepareServers = ({ folder, secrets, store }) =>
	Promise.all([
		prepareRedis({ folder, secrets }),
		prepareEtcd({ folder }),
		...(store === 'postgres' ? [preparePostgres({ folder, secrets })] : []),
	]);

/** "The database system is starting up": it listens before it serves. */
const stillStarting = '57P03';

/** Makes the database if there is none yet; gives whether the server was ready for it. */
const tryCreateDatabase = async (connectionString) => {
	const client = new pg.Client({ connectionString });
	try {
		await client.connect();
		const { rowCount } = await client.query("select from pg_database where datname = 'tschat'");
		if (rowCount === 0) await client.query('create database tschat');
		return true;
	} catch (error) {
		if (error.code === stillStarting) return false;
		throw new ClusterFailure(`PostgreSQL cannot be used: ${error.message}`);
	} finally {
		await client.end().catch(() => {});
	}
};

/** Makes the database of a server that listens, as soon as it serves. */
export const createDatabase = async (storeUrl, timeoutMs) => {
	const maintenance = storeUrl.replace(/\/tschat$/, '/postgres');
	const served = await within(timeoutMs, () => tryCreateDatabase(maintenance));
	if (!served) throw new ClusterFailure(`PostgreSQL is not ready after ${timeoutMs / 1000} s`);
};

/** Whether something takes connections at the address. */
export const accepts = (address) =>
	new Promise((resolve) => {
		const { hostname, port } = new URL(address);
		const socket = connect({ host: hostname, port: Number(port), timeout: 2000 });
		const answer = (yes) => {
			socket.destroy();
			resolve(yes);
		};
		socket.on('connect', () => answer(true));
		socket.on('timeout', () => answer(false));
		socket.on('error', () => answer(false));
	});
