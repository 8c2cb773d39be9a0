import { readFile } from 'node:fs/promises';
import { reservedFiles } from '../../runtime/open-files.ts';
import type { Check } from '../examination.ts';
import { type Finding, ok, warn } from '../finding.ts';

/** How many handles this process may have, beside what its connections need. */
export const filesFinding = (limit: number, connections: number): Finding => {
	const needed = connections + reservedFiles;
	const found = `${limit} open files are allowed`;
	if (limit >= needed) return ok('files', found);
	return warn(
		'files',
		`${found}, ${connections} connections need ${needed}`,
		`raise it: ulimit -n ${needed}, LimitNOFILE= of systemd, --ulimit of docker`,
	);
};

/** Node.js raises the soft limit to the hard one as it starts. */
export const checkFiles: Check = async ({ config, module }) => {
	if (module !== undefined && !module.startsWith('connect-')) return [];
	const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
	const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
	if (soft === undefined) return [ok('files', 'the limit of open files cannot be read on this system')];
	return [filesFinding(soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft), config.limits.connections_total)];
};
