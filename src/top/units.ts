/** Short texts for a table. What is not known is a dash. */
type Shown = (value: number | undefined) => string;

const unlessUnknown =
	(show: (value: number) => string): Shown =>
	(value) =>
		value === undefined ? '-' : show(value);

const steps = ['', 'k', 'M', 'G'] as const;

/** Three digits or so, of numbers however large. */
const scaled = (value: number, step: number, suffixes: readonly string[]): string => {
	let [index, rest] = [0, value];
	while (rest >= step && index < suffixes.length - 1) {
		rest /= step;
		index += 1;
	}
	const digits = rest >= 100 || Number.isInteger(rest) ? 0 : 1;
	return `${rest.toFixed(digits)}${suffixes[index]}`;
};

export const count: Shown = unlessUnknown((value) => scaled(value, 1000, steps));
export const bytes: Shown = unlessUnknown((value) => scaled(value, 1024, ['B', 'K', 'M', 'G', 'T']));
export const percent: Shown = unlessUnknown((value) => `${Math.round(value * 100)}%`);

/** A short time, given in seconds. */
export const duration: Shown = unlessUnknown((value) => {
	if (value >= 1) return `${value.toFixed(value >= 10 ? 0 : 1)}s`;
	return `${(value * 1000).toFixed(value >= 0.01 ? 0 : 1)}ms`;
});

/** How long something has been running, given in seconds. */
export const age: Shown = unlessUnknown((value) => {
	if (value < 60) return `${Math.max(0, Math.floor(value))}s`;
	if (value < 3600) return `${Math.floor(value / 60)}m`;
	if (value < 86_400) return `${Math.floor(value / 3600)}h${Math.floor((value % 3600) / 60)}m`;
	return `${Math.floor(value / 86_400)}d${Math.floor((value % 86_400) / 3600)}h`;
});
