import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stderr, so that stdout is left to what a person reads. Never give it a token or a password. */
export const createLogger = (level: string, fields: { module: string; serverId: string }): Logger =>
	pino(
		{ level, base: fields, redact: ['token', '*.token', 'authToken', 'password', 'passWord', '*.password'] },
		pino.destination(2),
	);
