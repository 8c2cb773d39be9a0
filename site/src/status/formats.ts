import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure } from './figures.ts';

/** What stands for a figure that is unknown. */
const unknown = '–';

const second = ['second', 1000] as const;
const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], second] as const;

/** Figures and times as the language writes them. */
export interface Formats {
	/** With a digit behind the point at most. */
	number(figure: Figure): string;
	/** A few characters, for an axis. */
	short(figure: number): string;
	/** Milliseconds in the two largest units that they fill: `2d 3h`. */
	duration(ms: number): string;
	/** Milliseconds that have passed: `12 seconds ago`. */
	ago(ms: number): string;
	/** Seconds since 1970, in the reader's zone: `14:05`. */
	clock(seconds: number): string;
}

/** The formats of one language. */
export const formatsOf = (language: string): Formats => {
	const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
	const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
	const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const relative = new Intl.RelativeTimeFormat(language);
	const list = new Intl.ListFormat(language, { type: 'unit', style: 'narrow' });
	const inUnit = (value: number, unit: string) =>
		new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
	return {
		number: (figure) => (figure === null ? unknown : number.format(figure)),
		short: (figure) => short.format(figure),
		clock: (seconds) => clock.format(seconds * 1000),
		ago: (ms) => {
			const [unit, length] = units.find(([, length]) => ms >= length) ?? second;
			return relative.format(-Math.floor(Math.max(0, ms) / length), unit);
		},
		duration: (ms) => {
			// Where none is filled, -1 stands for the last.
			const largest = units.findIndex(([, length]) => ms >= length);
			let rest = Math.max(0, ms);
			const parts = units
				.slice(largest)
				.slice(0, 2)
				.map(([unit, length]) => {
					const value = Math.floor(rest / length);
					rest %= length;
					return inUnit(value, unit);
				});
			return list.format(parts);
		},
	};
};

/** The formats of the page's language. */
export const useFormats = (): Formats => {
	const { language } = useTranslation().i18n;
	return useMemo(() => formatsOf(language), [language]);
};
