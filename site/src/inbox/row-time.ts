import { sameDay, timeOfDay } from '../thread/message-time.ts';

/** Formatters are dear to make, and few. */
const formatters = new Map<string, Intl.DateTimeFormat>();

const dateText = (at: number, language: string, withYear: boolean): string => {
	const key = `${language} ${withYear}`;
	const year = withYear ? ({ year: 'numeric' } as const) : {};
	const formatter =
		formatters.get(key) ?? new Intl.DateTimeFormat(language, { ...year, month: 'short', day: 'numeric' });
	formatters.set(key, formatter);
	return formatter.format(at);
};

/**
 * When a conversation's last message was, in short: the time of day, or the date; with the year, when it is not that of today. Both
 * times in ms since 1970, told in the reader's zone.
 */
export const rowTime = (at: number, today: number, language: string): string =>
	sameDay(at, today)
		? timeOfDay(at, language)
		: dateText(at, language, new Date(at).getFullYear() !== new Date(today).getFullYear());
