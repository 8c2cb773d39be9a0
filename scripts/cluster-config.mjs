// The file of settings by which commands (`top`, `doctor`, `ban`) reach a cluster: `--config data/cluster/cluster.toml`.
import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'smol-toml';

const run = promisify(execFile);
const main = join(import.meta.dirname, '..', 'dist', 'main.js');

const configFile = (folder) => join(folder, 'cluster.toml');

/** Where the file of a cluster is; undefined if there is none. */
export const configOf = (folder) => (existsSync(configFile(folder)) ? configFile(folder) : undefined);

export const removeConfig = (folder) => rmSync(configFile(folder), { force: true });

/** The settings that result, secrets hidden. */
const printed = async (args, env) =>
	parse((await run(process.execPath, [main, '--print-config', ...args], { env })).stdout);

const isTable = (value) => typeof value === 'object';

/** What differs from the defaults, less what is hidden. */
const difference = (settings, defaults) =>
	Object.fromEntries(
		Object.entries(settings)
			.map(([key, value]) => [key, isTable(value) ? difference(value, defaults[key]) : value])
			.filter(([key, value]) =>
				isTable(value) ? Object.keys(value).length > 0 : value !== defaults[key] && !`${value}`.includes('***'),
			),
	);

const withoutSettings = (env) =>
	Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TSCHAT_')));

/**
 * Writes the file, for its owner alone: it holds passwords. `args` are what all modules are started with beside their own
 * settings, `env` is how they find the servers.
 */
export const writeConfig = async (folder, { args, env, storeUrl }) => {
	const plain = withoutSettings(process.env);
	const [settings, defaults] = await Promise.all([
		printed(['--module', 'logic', ...args], { ...process.env, ...env }),
		printed([], plain),
	]);
	const differing = difference(settings, defaults);
	const all = {
		...differing,
		etcd: { ...differing.etcd, hosts: env.TSCHAT_ETCD_HOSTS },
		redis: { ...differing.redis, url: env.TSCHAT_REDIS_URL },
		store: { ...differing.store, url: storeUrl },
		rpc: { ...differing.rpc, secret: env.TSCHAT_RPC_SECRET },
	};
	const head = '# How commands reach the cluster that "scripts/cluster up" has started here. Holds its passwords.\n\n';
	removeConfig(folder);
	writeFileSync(configFile(folder), head + stringify(all), { flag: 'wx', mode: 0o600 });
};
