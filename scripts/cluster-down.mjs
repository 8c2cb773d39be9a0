// `scripts/cluster down`.
import { ClusterFailure } from './cluster-failure.mjs';
import { moduleNames } from './cluster-plan.mjs';
import { isAlive, signal, within } from './cluster-process.mjs';
import { readState, removeState, wipe } from './cluster-state.mjs';

/** Those in one group stop at the same time. Clients lose their servers first, and the servers' servers go last. */
const groups = [
	['site'],
	['api'],
	['connect-ws', 'connect-tcp'],
	...moduleNames.filter((name) => name === 'task' || name === 'logic').map((name) => [name]),
	['redis', 'etcd'],
	['postgres'],
];

/** More than a module's server.stop_timeout_ms, after which it ends by itself. */
const stopMs = 15_000;
const killMs = 5_000;
const starterMs = 40_000;

/** PostgreSQL takes SIGTERM as "when the last client has gone", SIGINT as "now". */
const stopSignal = ({ name }) => (name === 'postgres' ? 'SIGINT' : 'SIGTERM');

const gone = (entries, timeoutMs) => within(timeoutMs, () => !entries.some(isAlive));

/** Ends processes of the state, in order; gives the names of those that had to be killed. */
export const stopAll = async (processes) => {
	const killed = [];
	for (const group of groups) {
		const members = processes.filter(({ name, module }) => group.includes(module ?? name)).filter(isAlive);
		for (const entry of members) signal(entry, stopSignal(entry));
		if (await gone(members, stopMs)) continue;
		const late = members.filter(isAlive);
		for (const entry of late) signal(entry, 'SIGKILL');
		killed.push(...late.map(({ name }) => name));
		if (!(await gone(late, killMs))) {
			throw new ClusterFailure(`cannot end ${late.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')}`);
		}
	}
	return killed;
};

/** Stops the cluster. Ends only what `up` has started; data stays, unless it is to be wiped. */
export const down = async ({ folder, wipe: andData }) => {
	const begun = readState(folder);
	if (begun !== undefined && isAlive(begun.starter)) {
		signal(begun.starter, 'SIGTERM');
		if (!(await gone([begun.starter], starterMs)))
			throw new ClusterFailure(`"up" (pid ${begun.starter.pid}) does not end`);
	}
	const state = readState(folder);
	const killed = await stopAll(state?.processes ?? []);
	removeState(folder);
	if (andData) wipe(folder);
	const was = begun === undefined ? 'was not up' : 'down';
	const how = killed.length === 0 ? '' : `; killed, as they did not stop in time: ${killed.join(', ')}`;
	process.stdout.write(`${was}${how}${andData ? '; data deleted' : ''}\n`);
	return 0;
};
