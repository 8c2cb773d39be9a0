import { readFile } from 'node:fs/promises';
import type { Config } from '../../runtime/config-schema.ts';
import type { Check } from '../examination.ts';
import { type Finding, ok, warn } from '../finding.ts';

/** Files, pipes, and connections to other modules and servers. */
const ownHandles = 200;
/** Where no limit of connections is set. */
const plenty = 10_000;

/** `limits.connections_total`, 0 where there is no such limit. */
const mostConnections = (config: Config): number => {
	const { limits } = config as { limits?: { connections_total?: number } };
	return limits?.connections_total ?? 0;
};

/** How many handles this process may have, beside what its connections need. */
export const filesFinding = (limit: number, connections: number): Finding => {
	const needed = connections === 0 ? plenty : connections + ownHandles;
	const found = `${limit} open files are allowed`;
	if (limit >= needed) return ok('files', found);
	const why = connections === 0 ? 'each connection needs one' : `${connections} connections need ${needed}`;
	return warn(
		'files',
		`${found}, ${why}`,
		`raise it: ulimit -n ${needed}, LimitNOFILE= of systemd, --ulimit of docker`,
	);
};

/** Node.js raises the soft limit to the hard one as it starts. */
export const checkFiles: Check = async ({ config, module }) => {
	if (module !== undefined && !module.startsWith('connect-')) return [];
	const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
	const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
	if (soft === undefined) return [ok('files', 'the limit of open files cannot be read on this system')];
	return [filesFinding(soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft), mostConnections(config))];
};
