import { type Logger, pino } from 'pino';
import { traceId } from './tracing/spans.ts';

export type { Logger } from 'pino';

/** One for all loggers, and synchronous: lines keep their order, and the last ones before a crash are not lost. */
const stderr = pino.destination({ dest: 2, sync: true });

/** The trace in which a line is written. */
const ofTrace = (): { traceId?: string } => {
	const id = traceId();
	return id === undefined ? {} : { traceId: id };
};

/** JSON lines on stderr, so that stdout is left to what a person reads. Never give it a token or a password. */
export const createLogger = (level: string, fields: { module: string; serverId: string }): Logger =>
	pino(
		{
			level,
			base: fields.serverId === '' ? { module: fields.module } : fields,
			mixin: ofTrace,
			redact: ['token', '*.token', 'authToken', 'password', 'passWord', '*.password'],
		},
		stderr,
	);

/** Tells at most once a second, with how many there were since the last time: a flood must not become a flood of lines. */
export const atMostEachSecond = <A extends unknown[]>(
	tell: (count: number, ...latest: A) => void,
): ((...args: A) => void) => {
	let untold = 0;
	let toldAt = Number.NEGATIVE_INFINITY;
	return (...args) => {
		untold += 1;
		const now = performance.now();
		if (now - toldAt < 1000) return;
		tell(untold, ...args);
		untold = 0;
		toldAt = now;
	};
};

/** How often what stays as it is is told. */
const reminderMs = 60_000;

/** Tells what is new, and what stays as it is once a minute; after `forget` all is new. */
export const whenChanged = (tell: (what: string) => void): { tell(what: string): void; forget(): void } => {
	let told: string | undefined;
	let toldAt = 0;
	return {
		tell: (what) => {
			const now = performance.now();
			if (what === told && now - toldAt < reminderMs) return;
			[told, toldAt] = [what, now];
			tell(what);
		},
		forget: () => {
			told = undefined;
		},
	};
};
