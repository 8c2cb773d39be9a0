const dayMs = 86_400_000;

/** Formatters are dear to make, and few. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const formatter = (language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
	const key = `${language} ${Object.keys(options)}`;
	const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options);
	formatters.set(key, known);
	return known;
};

const timeOfDay = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
const thisYear = { month: 'short', day: 'numeric' } as const;
const longAgo = { year: 'numeric', month: 'short', day: 'numeric' } as const;

/** When a conversation's last message was, in short: today the time of day, else the date. `at` and the beginning of today are ms since 1970. */
export const rowTime = (at: number, today: number, language: string): string => {
	if (at >= today && at < today + dayMs) return formatter(language, timeOfDay).format(at);
	const sameYear = new Date(at).getFullYear() === new Date(today).getFullYear();
	return formatter(language, sameYear ? thisYear : longAgo).format(at);
};
