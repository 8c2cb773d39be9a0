// The tests run against real servers and a real browser. Finds them, installs what is missing (Debian, Ubuntu), or
// stops and says what to run: a test run never leaves some out in silence.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from './find-program.mjs';

/** Each program and the Debian package that has it. */
const needed = {
	'redis-server': 'redis-server',
	etcd: 'etcd-server',
	etcdctl: 'etcd-client',
	postgres: 'postgresql',
	initdb: 'postgresql',
	mariadbd: 'mariadb-server',
	'mariadb-install-db': 'mariadb-server',
	chromium: 'chromium',
	prometheus: 'prometheus',
	promtool: 'prometheus',
	setpriv: 'util-linux',
	openssl: 'openssl',
};

const missingPrograms = () => Object.keys(needed).filter((program) => findProgram(program) === undefined);

const stop = (line) => {
	process.stderr.write(`${line}\n`);
	process.exit(1);
};

const missing = missingPrograms();
if (missing.length === 0) process.exit(0);

const packages = [...new Set(missing.map((program) => needed[program]))];
const commands = `  apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
const isRoot = process.getuid?.() === 0;
const mayInstall =
	spawnSync('apt-get', ['--version']).status === 0 && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0);
if (!mayInstall) {
	stop(
		`The tests need ${missing.join(', ')}, and this user cannot install them. As root, on Debian or Ubuntu:\n${commands}`,
	);
}

/** Runs as root; gives whether it succeeded. */
const asRoot = (...command) => {
	const [program, ...args] = [...(isRoot ? [] : ['sudo', '-n']), ...command];
	return spawnSync(program, args, { stdio: ['ignore', 2, 2] }).status === 0;
};

process.stderr.write(`The tests need ${missing.join(', ')}. Installing: ${packages.join(' ')}\n`);

/** While this file exists and exits with 101, Debian's packages start no services. */
const policy = '/usr/sbin/policy-rc.d';
const addsPolicy = !existsSync(policy);
if (addsPolicy) asRoot('sh', '-c', `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`);
const installed =
	asRoot('apt-get', 'update') &&
	asRoot('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '--no-install-recommends', ...packages);
if (addsPolicy) asRoot('rm', '-f', policy);

const still = missingPrograms();
if (!installed || still.length > 0) {
	const what = still.length > 0 ? ` (missing: ${still.join(', ')})` : '';
	stop(`apt-get did not install what the tests need${what}. As root:\n${commands}`);
}
