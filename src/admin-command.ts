import type { Command } from 'commander';
import { addConfigOptions, type ConfigFlags, configOf, joinedFlags } from './config-options.ts';

interface Flags extends ConfigFlags {
	readonly revoke?: true;
}

/** Adds the command `admin`. It takes settings before its name and after it. */
export const addAdminCommand = (program: Command): void => {
	addConfigOptions(program.command('admin'))
		.description(
			'Make a user an administrator, who may see the status of the cluster, ban and mute users, and end sessions.',
		)
		.argument('<name>', 'a user who is registered')
		.option('--revoke', 'take it away again')
		.action(async (name: string, { revoke, ...own }: Flags) => {
			const config = configOf(joinedFlags(program.opts<ConfigFlags>(), own), 'none');
			const { setAdmin } = await import('./operator.ts');
			process.exitCode = await setAdmin(config, name, !revoke);
		});
};
