// What a cluster's data folder holds: who runs (cluster.json), and the secrets (secrets.json).
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeConfig } from './cluster-config.mjs';
import { ClusterFailure } from './cluster-failure.mjs';
import { isAlive, startOf } from './cluster-process.mjs';

const stateFile = (folder) => join(folder, 'cluster.json');

export const logFolder = (folder) => join(folder, 'logs');
export const logFile = (folder, name) => join(logFolder(folder), `${name}.log`);

const readJson = (path) => {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		if (error.code === 'ENOENT') return undefined;
		throw new ClusterFailure(`cannot read ${path}: ${error.message}`);
	}
};

/** The cluster of a folder: `{ store, processes }`, and `starter` while it starts; undefined if there is none. */
export const readState = (folder) => readJson(stateFile(folder));

/** Replaces the state as a whole, so that nobody ever reads half of it. */
export const writeState = (folder, state) => {
	const draft = `${stateFile(folder)}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(state, null, '\t')}\n`, { mode: 0o600 });
	renameSync(draft, stateFile(folder));
};

export const removeState = (folder) => {
	rmSync(stateFile(folder), { force: true });
	removeConfig(folder);
};

/** Makes this process the one that starts a cluster in the folder; refused if one runs there or is being started. */
export const claimFolder = (folder, store) => {
	mkdirSync(logFolder(folder), { recursive: true });
	const previous = readState(folder);
	if (previous !== undefined) {
		if (isAlive(previous.starter)) throw new ClusterFailure(`another "up" is at work (pid ${previous.starter.pid})`);
		if (previous.processes.some(isAlive)) {
			throw new ClusterFailure(`up already in ${folder}; see "scripts/cluster status", or stop it with "down"`);
		}
		removeState(folder);
	}
	const state = { starter: { pid: process.pid, started: startOf(process.pid) }, store, processes: [] };
	try {
		writeFileSync(stateFile(folder), JSON.stringify(state), { flag: 'wx', mode: 0o600 });
	} catch (error) {
		if (error.code === 'EEXIST') throw new ClusterFailure('another "up" has just begun');
		throw error;
	}
	return state;
};

/** The cluster's secrets, made on first use; nobody but their owner may read the file. */
export const secretsOf = (folder) => {
	const path = join(folder, 'secrets.json');
	const known = readJson(path);
	if (known !== undefined) return known;
	const made = Object.fromEntries(['rpc', 'redis', 'postgres'].map((name) => [name, randomBytes(24).toString('hex')]));
	writeFileSync(path, `${JSON.stringify(made, null, '\t')}\n`, { mode: 0o600 });
	return made;
};

/** Deletes what a cluster has put into its folder and nothing else; the folder too when it is empty then. */
export const wipe = (folder) => {
	const files = ['cluster.json', 'cluster.toml', 'secrets.json', 'tschat.db', 'tschat.db-wal', 'tschat.db-shm'];
	for (const name of [...files, 'logs', 'redis', 'etcd', 'postgres']) {
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	try {
		rmdirSync(folder);
	} catch {
		// Not empty, or never there.
	}
};
