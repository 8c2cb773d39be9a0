import type { Row } from './scenario.ts';

interface Figure {
	readonly what: string;
	readonly measured: number;
	/** Of all that were measured, where `measured` is a middle one. */
	readonly worst?: number;
	/** It should stay below; without one it is told only. */
	readonly bar?: number;
}

/** A row of the table. */
export const figure = ({ what, measured, worst, bar }: Figure): Row => ({
	figure: what,
	measured: rounded(measured),
	worst: worst === undefined ? '' : rounded(worst),
	bar: bar ?? '',
	verdict: bar === undefined ? '' : measured < bar ? 'ok' : 'over',
});

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** Thousands of bytes. */
export const kilobytes = (bytes: number): number => bytes / 1000;
export const megabytes = (bytes: number): number => bytes / 1_000_000;

/** The value that so large a part of them does not exceed; 0 when there are none. */
export const quantile = (values: readonly number[], part: number): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
};
