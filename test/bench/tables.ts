import type { Found, TargetResult } from './result.ts';
import type { Row } from './scenario.ts';
import { tableOf } from './table.ts';
import type { ProcessUsage } from './targets/processes.ts';

const megabyte = 1e6;

/** Without what was not measured. */
const rowOf = (cells: Readonly<Record<string, string | number | null | undefined>>): Row =>
	Object.fromEntries(
		Object.entries(cells).flatMap(([column, value]) =>
			value === null || value === undefined ? [] : [[column, value] as const],
		),
	);

const figures = (one: TargetResult): Row =>
	rowOf({
		target: one.name,
		rate: one.held === undefined ? undefined : one.rate,
		'held a second': one.held_per_second,
		'deliveries a second': one.deliveries_per_second,
		'connections a second': one.connections_per_second,
		'p50 ms': one.p50_ms,
		'p95 ms': one.p95_ms,
		'p99 ms': one.p99_ms,
		missing: one.missing,
		repeated: one.repeated,
		'CPU µs a delivery': one.cpu_us_per_delivery,
		'p50 ms at half': one.half_load?.p50_ms,
		'p99 ms at half': one.half_load?.p99_ms,
		'RSS bytes a connection': one.rss_bytes_per_connection,
		's to recover': one.seconds_to_recover,
		'away, p99 ms': one.away_ms?.p99_ms,
		'clients lost': one.clients_lost,
		'errors at logic': one.errors,
	});

/** The servers, and what made the load. */
const allProcesses = ({ processes, load = [] }: TargetResult): readonly ProcessUsage[] => [
	...processes.map(({ gone, ...one }) => (gone ? { ...one, name: `${one.name} (killed)` } : one)),
	...load.map((one) => ({ ...one, name: `load: ${one.name}` })),
];

const processRows = (result: TargetResult): Row[] =>
	allProcesses(result).map(({ name, cpu_seconds, rss_bytes }) => ({
		target: result.name,
		process: name,
		'CPU s': cpu_seconds,
		'RSS MB': rss_bytes / megabyte,
	}));

const inOneRow = (result: TargetResult): Row => ({
	target: result.name,
	'CPU and RSS of each process': allProcesses(result)
		.map(({ name, cpu_seconds, rss_bytes }) => `${name} ${cpu_seconds} s, ${Math.round(rss_bytes / megabyte)} MB`)
		.join('; '),
});

const startsOf = ({ name, ready_ms = {}, answer_ms = {} }: TargetResult): Row[] =>
	Object.entries(ready_ms).map(([what, ms]) => ({
		target: name,
		start: what,
		'ready ms': ms,
		'/readyz ms': answer_ms[what] ?? 0,
	}));

/** A result as Markdown: the figures, and below them what each process used, which is shorter for a page than for a terminal. */
export const tablesOf = (found: Found, { short = false } = {}): string => {
	if ('rows' in found) return tableOf(found.rows);
	const { targets } = found;
	const starts = targets.flatMap(startsOf);
	if (starts.length > 0) return tableOf(starts);
	const processes = short ? targets.map(inOneRow) : targets.flatMap(processRows);
	return [targets.map(figures), processes].map(tableOf).join('\n\n');
};
