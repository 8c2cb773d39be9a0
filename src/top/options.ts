import { type Command, InvalidArgumentError } from 'commander';

export interface TopOptions {
	/** Seconds between two looks. */
	readonly interval: number;
	/** One table, and the end. */
	readonly once?: true;
	readonly json?: true;
	/** Asks this process alone, without discovery. */
	readonly admin?: string;
}

const seconds = (text: string): number => {
	const number = Number(text);
	if (!(number >= 0.2 && number <= 3600)) throw new InvalidArgumentError('It is a number of seconds from 0.2 to 3600.');
	return number;
};

const baseUrl = (text: string): string => {
	if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
		throw new InvalidArgumentError('It must begin with http:// or https://.');
	}
	const { origin, pathname } = new URL(text);
	// A start prints it with the path of its health.
	return origin + pathname.replace(/\/+((readyz|healthz|metrics)\/*)?$/, '');
};

/** The options of the command `top`. */
export const addTopOptions = (command: Command): Command =>
	command
		.option('--interval <seconds>', 'time between two looks', seconds, 1)
		.option('--once', 'print one table and end')
		.option('--json', 'print data instead of a table, one line each time')
		.option('--admin <url>', 'ask one process, by its admin address, instead of all that etcd knows', baseUrl);
