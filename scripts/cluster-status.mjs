// `scripts/cluster status`.
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

/** Prints the state; exit code 0 only if there is a cluster and all of it is ready. */
export const status = async ({ folder, json }) => {
	const known = readState(folder);
	const processes = await Promise.all(
		(known?.processes ?? []).map(async (entry) => ({ ...entry, ...(await readiness(entry)) })),
	);
	const ready = processes.length > 0 && processes.every(({ state }) => state === 'ready');
	if (json) process.stdout.write(`${JSON.stringify({ folder, store: known?.store, ready, processes }, null, '\t')}\n`);
	else process.stdout.write(processes.length === 0 ? `not up (${folder})\n` : `${statusTable(processes)}\n`);
	return ready ? 0 : 1;
};
