import type { Command } from 'commander';
import type { ServiceName } from './ports/service-registry.ts';
import { loadConfig } from './runtime/config.ts';
import type { Config } from './runtime/config-schema.ts';

/** Where the command line says that settings are. */
export interface ConfigFlags {
	readonly config?: string;
	readonly set?: readonly string[];
}

/** Adds `--config` and `--set`. */
export const addConfigOptions = (command: Command): Command =>
	command
		.option('--config <file>', 'settings (TOML) that replace defaults')
		.option('--set <section.key=value>', 'one setting; repeatable', (text, all: string[] = []) => [...all, text]);

/** The settings of the flags and of the environment. Throws `UsageError`. `module` is the one that will run. */
export const configOf = ({ config: file, set = [] }: ConfigFlags, module?: ServiceName): Config => {
	// The chat's own variable, which a shell that starts both may carry.
	const { TSCHAT_PASSWORD: _, ...environment } = process.env;
	return loadConfig({ file, environment, assignments: set, module });
};
