// The command line of scripts/cluster.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { down } from './cluster-down.mjs';
import { ClusterFailure } from './cluster-failure.mjs';
import { logs } from './cluster-logs.mjs';
import { moduleNames } from './cluster-plan.mjs';
import { status } from './cluster-status.mjs';
import { up } from './cluster-up.mjs';

const help = `Runs a tschat cluster on this machine: Redis, etcd and each module as a process of its own.

  scripts/cluster up [options]       start it, and wait until all of it is ready
  scripts/cluster status [--json]    what runs where; exit code 0 if all of it is ready
  scripts/cluster logs [name] [-f]   the last lines of a process (connect-ws-1), a module (connect-ws) or all; -f follows
  scripts/cluster down [--wipe]      stop it; --wipe also deletes its data

Options of up:
  --api N, --logic N, --connect-ws N, --connect-tcp N, --task N, --site N
                       how many of each module (default: 1)
  --store KIND         sqlite (default; one file that all logic processes share) or postgres (a server of its own)
  --port-base N        port of the first connect-ws (default: 7000); all others move with it
  --config FILE        settings (TOML) for all modules; repeatable, later ones win
  --set section.key=value
                       one setting for all modules; repeatable. Ports, admin and store.url are chosen here

Options of all:
  --data DIR           where data, logs and state are (default: data/cluster)
  --help               this text

Ports by default: connect-ws 7000, connect-tcp 7001 and 7002, api 7070, site 8080. The second instance of a module
has them 100 higher, the third 200 higher, and so on.
`;

const commonOptions = { data: { type: 'string' }, help: { type: 'boolean' } };

const options = {
	up: {
		...Object.fromEntries(moduleNames.map((name) => [name, { type: 'string' }])),
		store: { type: 'string' },
		'port-base': { type: 'string' },
		config: { type: 'string', multiple: true },
		set: { type: 'string', multiple: true },
	},
	status: { json: { type: 'boolean' } },
	logs: { follow: { type: 'boolean', short: 'f' } },
	down: { wipe: { type: 'boolean' } },
};

const commands = { up, status, logs, down };

const parse = (command, args) => {
	try {
		const { values, positionals } = parseArgs({
			args,
			options: { ...commonOptions, ...options[command] },
			allowPositionals: command === 'logs',
		});
		if (positionals.length > 1) throw new Error('logs takes one name');
		return { ...values, name: positionals[0] };
	} catch (error) {
		throw new ClusterFailure(`${error.message.split('. ')[0]}; see --help`, 2);
	}
};

const run = async ([command, ...args]) => {
	if (command === undefined || command === '--help' || command === '-h') {
		process.stdout.write(help);
		return command === undefined ? 2 : 0;
	}
	if (!Object.hasOwn(commands, command)) throw new ClusterFailure(`unknown command "${command}"; see --help`, 2);
	const flags = parse(command, args);
	if (flags.help) {
		process.stdout.write(help);
		return 0;
	}
	const folder = resolve(flags.data ?? join(import.meta.dirname, '..', 'data', 'cluster'));
	return commands[command]({ ...flags, folder });
};

/** Runs one command; the exit code. */
export const main = async (args) => {
	try {
		return await run(args);
	} catch (error) {
		if (!(error instanceof ClusterFailure)) throw error;
		process.stderr.write(`cluster: ${error.message}\n`);
		return error.exitCode;
	}
};
