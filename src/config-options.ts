import type { Command } from 'commander';
import { loadConfig } from './runtime/config.ts';
import type { Runs } from './runtime/config-rules.ts';
import type { Config } from './runtime/config-schema.ts';

/** Where the command line says that settings are. */
export interface ConfigFlags {
	readonly config?: readonly string[];
	readonly set?: readonly string[];
}

const collect = (text: string, all: readonly string[] = []): string[] => [...all, text];

/** Adds `--config` and `--set`. */
export const addConfigOptions = (command: Command): Command =>
	command
		.option('--config <file>', 'settings (TOML) that replace defaults; repeatable, later ones win', collect)
		.option('--set <section.key=value>', 'one setting; repeatable', collect);

/** What stands before a command's name and after it: all of it counts, and what comes later wins. */
export const joinedFlags = (general: ConfigFlags, own: ConfigFlags): Required<ConfigFlags> => ({
	config: [...(general.config ?? []), ...(own.config ?? [])],
	set: [...(general.set ?? []), ...(own.set ?? [])],
});

/** The settings of the flags and of the environment. Throws `UsageError`. `module` is the one that will run, or `none`. */
export const configOf = ({ config: files = [], set = [] }: ConfigFlags, module?: Runs): Config => {
	// The chat's own variable, which a shell that starts both may carry.
	const { TSCHAT_PASSWORD: _, ...environment } = process.env;
	return loadConfig({ files, environment, assignments: set, module });
};
