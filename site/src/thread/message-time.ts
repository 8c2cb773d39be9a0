/** Formatters are dear to make, and few: one for each language and form. */
const cached = <T>(make: (language: string) => T): ((language: string) => T) => {
	const known = new Map<string, T>();
	return (language) => {
		const formatter = known.get(language) ?? make(language);
		known.set(language, formatter);
		return formatter;
	};
};

const dates = (options: Intl.DateTimeFormatOptions) => cached((language) => new Intl.DateTimeFormat(language, options));

const ofDay = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const full = dates({ dateStyle: 'full', timeStyle: 'medium' });
const ofYear = dates({ weekday: 'long', month: 'long', day: 'numeric' });
const ofAll = dates({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const relative = cached((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "14:05". This and all below: `at` in ms since 1970, told in the reader's zone and the page's language. */
export const timeOfDay = (at: number, language: string): string => ofDay(language).format(at);

/** The day and the time to the second. */
export const fullTime = (at: number, language: string): string => full(language).format(at);

/** Whether both are on one day of the calendar. */
export const sameDay = (a: number, b: number): boolean => midnight(a) === midnight(b);

/** "Today", "Yesterday", or the weekday and the date; with the year, when it is not that of `now`. */
export const dayText = (at: number, language: string, now = Date.now()): string => {
	// Days are 23 to 25 hours long where clocks change.
	const daysAgo = Math.round((midnight(now) - midnight(at)) / 86_400_000);
	if (daysAgo === 0 || daysAgo === 1) return capital(relative(language).format(-daysAgo, 'day'));
	const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
	return (sameYear ? ofYear : ofAll)(language).format(at);
};
