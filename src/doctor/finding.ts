/** `ok`: as it should be; `warn`: it works, but not as well or as safely as it could; `fail`: it will not work. */
type Level = 'ok' | 'warn' | 'fail';

/** One line of the report. */
export interface Finding {
	readonly level: Level;
	/** What was looked at, in a word or two. */
	readonly what: string;
	readonly found: string;
	/** What to do; null when there is nothing to do. */
	readonly todo: string | null;
}

export const ok = (what: string, found: string): Finding => ({ level: 'ok', what, found, todo: null });
export const warn = (what: string, found: string, todo: string): Finding => ({ level: 'warn', what, found, todo });
export const fail = (what: string, found: string, todo: string): Finding => ({ level: 'fail', what, found, todo });
