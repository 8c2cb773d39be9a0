import type { View } from './look.ts';
import type { Row } from './row.ts';
import { age, bytes, count, duration, percent } from './units.ts';

interface Column {
	readonly title: string;
	readonly cell: (row: Row, at: number) => string;
	/** Text begins where its column does, numbers end there. */
	readonly text?: true;
}

const readiness = ({ ready }: Row): string => {
	if (ready === undefined) return 'NO ANSWER';
	return ready ? 'yes' : 'NO';
};

const columns: readonly Column[] = [
	{ title: 'SERVICE', cell: (row) => row.service, text: true },
	{ title: 'ID', cell: (row) => row.id, text: true },
	{ title: 'VERSION', cell: (row) => row.version, text: true },
	{ title: 'UP', cell: (row, at) => age((at - row.startedAt) / 1000) },
	{ title: 'READY', cell: readiness, text: true },
	{ title: 'CONN', cell: (row) => count(row.connections) },
	{ title: 'IN/S', cell: (row) => count(row.in) },
	{ title: 'OUT/S', cell: (row) => count(row.out) },
	{ title: 'P99', cell: (row) => duration(row.p99) },
	{ title: 'QUEUE', cell: (row) => count(row.queue) },
	{ title: 'LAG', cell: (row) => duration(row.lag) },
	{ title: 'RSS', cell: (row) => bytes(row.memory) },
	{ title: 'CPU', cell: (row) => percent(row.processor) },
];

const summary = ({ totals, missing, at }: View): string[] => {
	const { instances, ready, connections, users, accepted, delivered, deliveryP99, queue, queueAge } = totals;
	const faults = [
		...(ready === instances ? [] : [`${instances - ready} NOT READY`]),
		...missing.map((what) => `no ${what}`),
	];
	return [
		`tschat  ${new Date(at).toISOString()}  ${instances} instances, ${faults.join(', ') || 'all ready'}`,
		`connections ${count(connections)}  users ${count(users)}  accepted ${count(accepted)}/s  delivered ${count(delivered)}/s  delivery p99 ${duration(deliveryP99)}  queue ${count(queue)} (${duration(queueAge)})`,
	];
};

/** Nothing of discovery may move the cursor. */
const harmless = (text: string): string => text.replace(/[^ -~]/g, '?');

/** The lines of the table, without line ends; plain text. */
export const tableOf = (view: View): string[] => {
	const lines = view.rows.map((row) => columns.map(({ cell }) => harmless(cell(row, view.at))));
	const widths = columns.map(({ title }, index) =>
		Math.max(title.length, ...lines.map((cells) => cells[index]?.length ?? 0)),
	);
	const lineOf = (cells: readonly string[]): string =>
		cells
			.map((cell, index) =>
				columns[index]?.text ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
			)
			.join('  ')
			.trimEnd();
	return [...summary(view), '', lineOf(columns.map(({ title }) => title)), ...lines.map(lineOf)];
};
