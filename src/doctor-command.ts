import type { Command } from 'commander';
import { addConfigOptions, type ConfigFlags, configOf, joinedFlags } from './config-options.ts';
import type { ServiceName } from './ports/service-registry.ts';

interface Flags extends ConfigFlags {
	readonly module?: ServiceName;
	readonly json?: true;
}

/** Adds the command `doctor`. It takes `--module` and settings before its name and after it. */
export const addDoctorCommand = (program: Command, moduleNamed: (text: string) => ServiceName): void => {
	addConfigOptions(program.command('doctor'))
		.description('Check settings, servers, ports and limits, and say what to do. Exit code 1: it would not work.')
		.option('--module <name>', 'check for one module of a cluster, not for all in one process', moduleNamed)
		.option('--json', 'print the findings as JSON')
		.action(async ({ json, ...own }: Flags) => {
			const general = program.opts<Flags>();
			const module = own.module ?? general.module;
			const flags = joinedFlags(general, own);
			const [{ examine }, { asJson, asText }] = await Promise.all([
				import('./doctor/doctor.ts'),
				import('./doctor/report.ts'),
			]);
			const findings = await examine(() => configOf(flags, module), module);
			process.stdout.write((json ? asJson : asText)(findings));
			process.exitCode = findings.some(({ level }) => level === 'fail') ? 1 : 0;
		});
};
