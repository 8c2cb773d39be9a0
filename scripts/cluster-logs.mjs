// `scripts/cluster logs`.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ClusterFailure } from './cluster-failure.mjs';
import { logFile, logFolder } from './cluster-state.mjs';

const lines = 50;

/** Shows the end of one log, of those of a module, or of all; with `follow` also what comes. */
export const logs = async ({ folder, name, follow }) => {
	const all = existsSync(logFolder(folder)) ? readdirSync(logFolder(folder)) : [];
	const names = all.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -4));
	const chosen = names.filter((known) => name === undefined || known === name || known.replace(/-\d+$/, '') === name);
	if (chosen.length === 0) {
		throw new ClusterFailure(
			`no log of "${name ?? ''}" in ${logFolder(folder)}; there are ${names.join(', ') || 'none'}`,
		);
	}
	const args = ['-n', String(lines), ...(follow ? ['-F'] : []), ...chosen.map((one) => logFile(folder, one))];
	const tail = spawn('tail', args, { stdio: ['ignore', 'inherit', 'inherit'] });
	// This process ends when tail does. Ctrl-C reaches both, other signals only this one.
	process.on('SIGINT', () => {});
	for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => tail.kill(name));
	return new Promise((resolve) => tail.once('exit', (code) => resolve(code ?? 0)));
};
