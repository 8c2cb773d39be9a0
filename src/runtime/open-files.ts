import { readFileSync } from 'node:fs';

/** Files, and sockets to Redis, etcd, the store, other modules, and clients that have not asked for a WebSocket yet. */
export const reservedFiles = 512;

/** How many sockets of clients the process may have open, from its limit of open files; infinite where that is not told. */
export const openFilesForClients = (limits = readLimits()): number => {
	// The first number: Node raises the soft limit to the hard one when it starts.
	const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
	return soft === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Number(soft) - reservedFiles);
};

/** Linux alone has it. */
const readLimits = (): string => {
	try {
		return readFileSync('/proc/self/limits', 'utf8');
	} catch {
		return '';
	}
};
