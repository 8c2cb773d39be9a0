// Processes that outlive the command that started them, and how to be sure that a pid is still the same process.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/**
 * When a process began, as a text that no other process with its pid ever has (boot id and ticks since boot).
 * Undefined if there is none, or only its remains that nobody has waited for.
 */
export const startOf = (pid) => {
	let stat;
	try {
		stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	} catch {
		return undefined;
	}
	// The name, in parentheses, may hold anything; state is the 3rd field, starttime the 22nd.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}:${fields[19]}`;
};

/** Whether that process (`{ pid, started }`) still runs. A pid of 0 or less would mean a whole group to `kill`. */
export const isAlive = (entry) => entry?.pid > 0 && startOf(entry.pid) === entry.started;

/** Signals that process, and never another one that has got its pid. */
export const signal = (entry, name) => {
	if (!isAlive(entry)) return;
	try {
		process.kill(entry.pid, name);
	} catch (error) {
		if (error.code !== 'ESRCH') throw error;
	}
};

/** Resolves to whether `probe` gave true within the time; asks again and again. */
export const within = async (timeoutMs, probe) => {
	const end = performance.now() + timeoutMs;
	while (!(await probe())) {
		if (performance.now() > end) return false;
		await sleep(50);
	}
	return true;
};

/** Starts a program in a session of its own, its output in the file `log` (that of the last run is kept as `.old`). */
export const startDetached = async (program, args, { log, env, cwd, identity = {} }) => {
	if (existsSync(log)) renameSync(log, `${log}.old`);
	const output = openSync(log, 'a', 0o600);
	const child = spawn(program, args, {
		detached: true,
		stdio: ['ignore', output, output],
		env: { ...process.env, ...env },
		cwd,
		...identity,
	});
	closeSync(output);
	await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
	child.unref();
	return { pid: child.pid, started: startOf(child.pid) ?? 'ended at once' };
};
