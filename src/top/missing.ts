import type { Row } from './row.ts';

/** What each message passes, by its name for people; any of the services will do. */
const needed: ReadonlyMap<string, readonly string[]> = new Map([
	['api', ['api']],
	['logic', ['logic']],
	['task', ['task']],
	['connect server', ['connect-ws', 'connect-tcp']],
]);

/** What a cluster lacks for messages to be sent and to arrive. */
export const missingOf = (rows: readonly Pick<Row, 'service'>[]): string[] => {
	const there = new Set(rows.map(({ service }) => service));
	return [...needed].filter(([, services]) => !services.some((name) => there.has(name))).map(([what]) => what);
};
