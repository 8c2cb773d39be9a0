import type { Row } from './scenario.ts';

const shown = (value: string | number | undefined): string => {
	if (typeof value !== 'number') return value ?? '';
	return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
};

/** Rows as a Markdown table, numbers to the right. Columns are in the order in which they come up. */
export const tableOf = (rows: readonly Row[]): string => {
	const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const isNumber = (column: string) => rows.some((row) => typeof row[column] === 'number');
	const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column])))];
	const widths = columns.map((_, index) => Math.max(3, ...cells.map((line) => line[index]?.length ?? 0)));
	const line = (values: readonly string[]) => `| ${values.join(' | ')} |`;
	const [header = '', ...body] = cells.map((values) =>
		line(
			columns.map((column, index) => {
				const [value = '', width = 0] = [values[index], widths[index]];
				return isNumber(column) ? value.padStart(width) : value.padEnd(width);
			}),
		),
	);
	const rule = columns.map((column, index) => {
		const dashes = '-'.repeat((widths[index] ?? 0) - 1);
		return isNumber(column) ? `${dashes}:` : `-${dashes}`;
	});
	return [header, line(rule), ...body].join('\n');
};
