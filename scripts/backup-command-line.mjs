// What the command lines of scripts/backup and scripts/restore have in common.
import { parseArgs } from 'node:util';
import { BackupFailure } from './backup-failure.mjs';
import { storeOptions } from './backup-store.mjs';

const parse = ({ options, positionals: most, args }) => {
	try {
		const all = { ...storeOptions, help: { type: 'boolean' }, ...options };
		const { values, positionals } = parseArgs({ args, options: all, allowPositionals: true });
		if (positionals.length > most) throw new Error(`"${positionals[most]}" is one argument too many`);
		return { ...values, positionals };
	} catch (error) {
		throw new BackupFailure(`${error.message.split('. ')[0]}; see --help`, 2);
	}
};

/** Parses, runs, and tells failures in a line; the exit code. */
export const runCommandLine = async ({ name, help, options, positionals, args, run }) => {
	try {
		const flags = parse({ options, positionals, args });
		if (flags.help) process.stdout.write(help);
		else await run(flags);
		return 0;
	} catch (error) {
		if (!(error instanceof BackupFailure)) throw error;
		process.stderr.write(`${name}: ${error.message}\n`);
		return error.exitCode;
	}
};
