// `scripts/cluster status`.
import { configOf } from './cluster-config.mjs';
import { readiness } from './cluster-readiness.mjs';
import { readState } from './cluster-state.mjs';

const table = (rows) => {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd()).join('\n');
};

/** What runs where, as a table for people. `processes` have their `state`. */
export const statusTable = (processes) =>
	table([
		['NAME', 'PID', 'STATE', 'ADDRESSES'],
		...processes.map(({ name, pid, state, missing, addresses, admin }) => [
			name,
			String(pid),
			missing === undefined ? state : `${state}: ${missing}`,
			[...addresses, ...(admin === undefined ? [] : [`${admin}/readyz`])].join(' '),
		]),
	]);

/** How commands are told of the cluster; empty without its file. */
export const configLine = (folder) => {
	const file = configOf(folder);
	return file === undefined ? '' : `\nsettings for top, doctor, admin, ban …: --config ${file}\n`;
};

/** Prints the state; exit code 0 only if there is a cluster and all of it is ready. */
export const status = async ({ folder, json }) => {
	const known = readState(folder);
	const processes = await Promise.all(
		(known?.processes ?? []).map(async (entry) => ({ ...entry, ...(await readiness(entry)) })),
	);
	const ready = processes.length > 0 && processes.every(({ state }) => state === 'ready');
	if (json) {
		const told = { folder, store: known?.store, config: configOf(folder), ready, processes };
		process.stdout.write(`${JSON.stringify(told, null, '\t')}\n`);
	} else if (processes.length === 0) process.stdout.write(`not up (${folder})\n`);
	else process.stdout.write(`${statusTable(processes)}\n${configLine(folder)}`);
	return ready ? 0 : 1;
};
