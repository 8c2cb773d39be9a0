// The command line of scripts/backup.
import { accessSync, constants, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runCommandLine } from './backup-command-line.mjs';
import { backupDatabase } from './backup-databases.mjs';
import { BackupFailure } from './backup-failure.mjs';
import { chooseStore, storeHelp } from './backup-store.mjs';

const help = `Copies the store of a tschat into a file, as it is at one moment. The cluster goes on meanwhile.

  scripts/backup [options] --out FILE

${storeHelp}  --out FILE                must not exist yet
  --help                    this text

SQLite: a database file. PostgreSQL: what pg_restore reads (pg_dump has to be there). MariaDB, MySQL: SQL (mariadb-dump or
mysqldump). The file holds messages and password hashes: only its owner may read it, and it is not encrypted.
`;

/** Refuses a folder that is none, or that may not be written. */
const requireFolder = (folder) => {
	try {
		// With its dot only a folder is there.
		accessSync(`${folder}/.`, constants.W_OK);
	} catch ({ code }) {
		throw new BackupFailure(`cannot write into the folder ${folder} (${code})`, 2);
	}
};

const backup = async ({ out, ...flags }) => {
	if (out === undefined) throw new BackupFailure('--out names the file to write; see --help', 2);
	const file = resolve(out);
	if (existsSync(file)) throw new BackupFailure(`${file} exists already`, 2);
	requireFolder(dirname(file));
	const { url, shown } = await chooseStore(flags);
	const partial = `${file}.partial`;
	rmSync(partial, { force: true });
	try {
		await backupDatabase(url, partial);
		renameSync(partial, file);
	} finally {
		rmSync(partial, { force: true });
	}
	process.stdout.write(`copied ${shown} to ${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB\n`);
};

/** Runs the command; the exit code. */
export const backupMain = (args) =>
	runCommandLine({ name: 'backup', help, options: { out: { type: 'string' } }, positionals: 0, args, run: backup });
