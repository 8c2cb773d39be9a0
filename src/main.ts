#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { stringify } from 'smol-toml';
import { addAdminCommand } from './admin-command.ts';
import { addConfigOptions, type ConfigFlags, configOf } from './config-options.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { modules } from './modules.ts';
import type { ServiceName } from './ports/service-registry.ts';
import { didYouMean } from './runtime/config-keys.ts';
import { withoutSecrets } from './runtime/config-secrets.ts';
import { StartError, UsageError } from './runtime/failures.ts';
import { version } from './runtime/package-info.ts';
import { addSanctionCommands } from './sanction-commands.ts';
import { addChatCommand } from './terminal/options.ts';
import { addTopCommand } from './top-command.ts';

interface Flags extends ConfigFlags {
	readonly module?: ServiceName;
	readonly checkConfig?: true;
	readonly printConfig?: true;
}

const names = Object.keys(modules) as ServiceName[];

const moduleNamed = (text: string): ServiceName => {
	const name = names.find((known) => known === text);
	if (name !== undefined) return name;
	throw new UsageError(`unknown module "${text}"${didYouMean(text, names) || `; there are ${names.join(', ')}`}`);
};

/** What a word says that is no command. */
const refuseCommand = (text: string, commands: readonly Command[]): never => {
	if (text in modules) throw new UsageError(`"${text}" is a module: write --module ${text}`);
	const known = commands.map((command) => command.name());
	throw new UsageError(`unknown command "${text}"${didYouMean(text, known) || '; see --help'}`);
};

const serve = async (flags: Flags, { args, commands }: Command): Promise<void> => {
	if (args[0] !== undefined) refuseCommand(args[0], commands);
	const config = configOf(flags, flags.module);
	if (flags.printConfig) return void process.stdout.write(stringify(withoutSecrets(config)));
	const { module } = flags;
	if (flags.checkConfig) {
		const { checkCertificates } = await import('./runtime/tls-settings.ts');
		checkCertificates(config, module);
		return void process.stdout.write('the configuration is valid\n');
	}
	const { run } = await import('./runtime/run.ts');
	const chosen = module === undefined ? names : [module];
	await run({ config, entries: chosen.map((name) => [name, modules[name]]), embedded: module === undefined });
};

const main = async (argv: readonly string[]): Promise<void> => {
	const program = new Command('tschat')
		.description('Instant messaging: one module of a cluster, or all of them in this process.')
		.option('--module <name>', `run one module on Redis and etcd: ${names.join(', ')}`, moduleNamed);
	addConfigOptions(program)
		.option('--check-config', 'only check the settings')
		.option('--print-config', 'only print the settings that result, secrets hidden')
		.version(version, '--version', 'print the version')
		.helpOption('--help', 'print this help')
		.enablePositionalOptions()
		.exitOverride()
		.configureOutput({ writeErr: () => {} })
		.allowExcessArguments()
		.action(serve);
	addChatCommand(program, async (options) => {
		const { runChat } = await import('./terminal/run.ts');
		process.exitCode = await runChat(options);
	});
	addAdminCommand(program);
	addDoctorCommand(program, moduleNamed);
	addSanctionCommands(program);
	addTopCommand(program, names);
	await program.parseAsync([...argv], { from: 'user' });
};

/** Faults of usage, and of files that settings name, end with one line and exit code 2; anything else is a fault of ours, and shows its stack. */
const usageLine = (error: unknown): string | undefined => {
	if (error instanceof UsageError || error instanceof StartError) return error.message;
	if (!(error instanceof CommanderError)) return undefined;
	const message = error.message
		.replace(/^error: /, '')
		.replace(/\.$/, '')
		.replaceAll('\n', ' ');
	return `${message}; see --help`;
};

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof CommanderError) || error.exitCode !== 0) {
		const line = usageLine(error);
		if (line === undefined) throw error;
		process.stderr.write(`tschat: ${line}\n`);
		process.exitCode = 2;
	}
}
