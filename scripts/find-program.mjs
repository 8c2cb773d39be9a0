// Where the servers are that the cluster and the tests start.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const postgresRoot = '/usr/lib/postgresql';

/** PATH, what users have no path to but servers live in, and Debian's folders for PostgreSQL, newest first. */
const folders = () => [
	...(process.env.PATH ?? '').split(delimiter),
	...['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'],
	...(existsSync(postgresRoot) ? readdirSync(postgresRoot) : [])
		.sort((a, b) => Number(b) - Number(a))
		.map((release) => join(postgresRoot, release, 'bin')),
];

const isExecutable = (path) => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/** The path of a program, or undefined. */
export const findProgram = (program) =>
	folders()
		.map((folder) => join(folder, program))
		.find(isExecutable);
