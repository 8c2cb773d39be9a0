// `scripts/cluster up`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { writeConfig } from './cluster-config.mjs';
import { stopAll } from './cluster-down.mjs';
import { ClusterFailure } from './cluster-failure.mjs';
import { planModules } from './cluster-plan.mjs';
import { startDetached, within } from './cluster-process.mjs';
import { adminIn, readiness } from './cluster-readiness.mjs';
import { createDatabase, prepareServers, requirePrograms } from './cluster-servers.mjs';
import { claimFolder, logFile, removeState, secretsOf, writeState } from './cluster-state.mjs';
import { configLine, statusTable } from './cluster-status.mjs';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');
const readyMs = 60_000;
const shownLines = 15;
const stores = ['sqlite', 'postgres'];

const isTaken = (port) =>
	new Promise((resolve) => {
		const server = createServer();
		server.once('error', ({ code }) => resolve(code === 'EADDRINUSE'));
		server.listen(port, '0.0.0.0', () => server.close(() => resolve(false)));
	});

const requireFreePorts = async (planned) => {
	for (const { name, ports } of planned) {
		for (const port of ports) {
			if (!(await isTaken(port))) continue;
			throw new ClusterFailure(`port ${port} (${name}) is taken; move the cluster's ports, as with --port-base 17000`);
		}
	}
};

const build = () => {
	const script = join(import.meta.dirname, 'build-if-stale.mjs');
	const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] });
	if (status !== 0) throw new ClusterFailure('the build failed');
};

const sqliteUrl = (folder) => `sqlite:${join(folder, 'tschat.db')}`;

const configArgs = ({ config = [] }) => config.flatMap((file) => ['--config', resolve(file)]);
const setArgs = (assignments) => assignments.flatMap((assignment) => ['--set', assignment]);

const moduleSpec = (planned, { config, set = [] }, folder, store) => {
	const settings = {
		...(store === 'sqlite' ? { 'store.url': sqliteUrl(folder) } : {}),
		'admin.enabled': true,
		'admin.host': '127.0.0.1',
		'admin.port': 0,
		...planned.settings,
	};
	for (const assignment of set) {
		const [key] = assignment.split('=', 1);
		if (key === 'store.url' || Object.hasOwn(settings, key)) {
			throw new ClusterFailure(`${key} is chosen here: see --store, --port-base and --data`, 2);
		}
	}
	const assignments = [...set, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)];
	const { name, module, addresses } = planned;
	const args = [main, '--module', module, ...configArgs({ config }), ...setArgs(assignments)];
	return { name, module, program: process.execPath, args, addresses };
};

/** Starts processes, each noted in the state before the next, so that `down` finds them whatever happens here. */
const startAll = async (specs, env, { folder, state }) => {
	for (const { program, args, identity, ...entry } of specs) {
		const log = logFile(folder, entry.name);
		const cwd = identity === undefined ? process.cwd() : join(folder, entry.name);
		const { pid, started } = await startDetached(program, args, { log, env, cwd, identity });
		state.processes.push({ ...entry, pid, started, log });
		writeState(folder, state);
	}
};

const lastLines = (log) => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-shownLines).join('\n');

/** Waits until all are ready; fails with the last lines of the log of the first that is not. */
const allReady = async (entries, signal) => {
	await Promise.all(
		entries.map(async (entry) => {
			let last;
			await within(readyMs, async () => {
				signal.throwIfAborted();
				if (entry.module !== undefined) entry.admin ??= adminIn(entry.log);
				last = await readiness(entry);
				return last.state !== 'not ready';
			});
			if (last.state === 'ready') return;
			const why = last.state === 'dead' ? 'ended' : `is not ready after ${readyMs / 1000} s (${last.missing})`;
			throw new ClusterFailure(`${entry.name} ${why}; the last lines of ${entry.log}:\n${lastLines(entry.log)}`);
		}),
	);
};

const start = async (cluster, planned, flags, signal) => {
	const { folder, state } = cluster;
	const secrets = secretsOf(folder);
	const servers = await prepareServers({ folder, secrets, store: state.store });
	signal.throwIfAborted();
	await startAll(
		servers.map(({ spec }) => spec),
		{},
		cluster,
	);
	await allReady(state.processes, signal);
	const env = Object.assign({ TSCHAT_RPC_SECRET: secrets.rpc }, ...servers.map((server) => server.env));
	if (state.store === 'postgres') await createDatabase(env.TSCHAT_STORE_URL, readyMs);
	const specs = planned.map((one) => moduleSpec(one, flags, folder, state.store));
	await startAll(specs, env, cluster);
	await allReady(
		state.processes.filter(({ module }) => module !== undefined),
		signal,
	);
	const args = [...configArgs(flags), ...setArgs(flags.set ?? [])];
	await writeConfig(folder, { args, env, storeUrl: env.TSCHAT_STORE_URL ?? sqliteUrl(folder) });
	delete state.starter;
	writeState(folder, state);
};

/** Starts the cluster. Either all of it is ready in the end, or nothing of it runs. */
export const up = async (flags) => {
	const { folder, store = 'sqlite' } = flags;
	if (!stores.includes(store)) throw new ClusterFailure(`--store must be ${stores.join(' or ')}, not "${store}"`, 2);
	const planned = planModules(flags);
	// For what it says of the flags, before anything is started.
	for (const one of planned) moduleSpec(one, flags, folder, store);
	requirePrograms(store);
	const state = claimFolder(folder, store);
	const interrupted = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM']) {
		process.on(name, () => interrupted.abort(new ClusterFailure(`${name}: taking everything down again`, 130)));
	}
	try {
		await requireFreePorts(planned);
		build();
		await start({ folder, state }, planned, flags, interrupted.signal);
	} catch (error) {
		await stopAll(state.processes);
		removeState(folder);
		throw error;
	}
	const processes = state.processes.map((entry) => ({ ...entry, state: 'ready' }));
	const where = flags.data === undefined ? '' : ` --data ${flags.data}`;
	const [site] = state.processes.filter(({ module }) => module === 'site').flatMap(({ addresses }) => addresses);
	const page = site === undefined ? '' : `open ${site}; `;
	process.stdout.write(
		`${statusTable(processes)}\n${configLine(folder)}${page}logs in ${join(folder, 'logs')}; stop with: scripts/cluster down${where}\n`,
	);
	return 0;
};
