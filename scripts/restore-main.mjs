// The command line of scripts/restore.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommandLine } from './backup-command-line.mjs';
import { BackupFailure } from './backup-failure.mjs';
import { chooseStore, storeHelp } from './backup-store.mjs';
import { kindOf } from './backup-tools.mjs';
import { kindOfBackup, restoreDatabase } from './restore-databases.mjs';

const help = `Fills an empty store from a file that scripts/backup wrote, and checks that its logs are whole.

  scripts/restore [options] FILE

${storeHelp}  --help                    this text

SQLite: there must be no such file. PostgreSQL, MariaDB, MySQL: the database must be there, without tables.

Stop every module first, and delete what Redis holds of the old cluster: docs/operations.md tells why.
`;

const restore = async ({ positionals: [name], ...flags }) => {
	if (name === undefined) throw new BackupFailure('name the file to restore; see --help', 2);
	const file = resolve(name);
	if (!existsSync(file)) throw new BackupFailure(`${file} does not exist`, 2);
	const { url, shown } = await chooseStore(flags);
	const [into, from] = [kindOf(url), kindOfBackup(file)];
	if (from === undefined) throw new BackupFailure(`${file} is no backup`, 2);
	if (from !== into) throw new BackupFailure(`${file} is a backup of ${from}, and the store ${shown} is ${into}`, 2);
	const { conversations, messages } = await restoreDatabase(url, file);
	process.stdout.write(
		`restored ${messages} messages of ${conversations} conversations into ${shown}; every log is whole\n`,
	);
};

/** Runs the command; the exit code. */
export const restoreMain = (args) =>
	runCommandLine({ name: 'restore', help, options: {}, positionals: 1, args, run: restore });
