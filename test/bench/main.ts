import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { BenchOptions, Scenario } from './scenario.ts';
import { tableOf } from './table.ts';

const scenarios: Readonly<Record<string, () => Promise<Scenario>>> = {
	store: async () => (await import('./store.ts')).store,
	site: async () => (await import('./site.ts')).site,
};

const names = Object.keys(scenarios).join(', ');

const positive = (text: string): number => {
	const number = Number(text);
	if (number > 0 && Number.isFinite(number)) return number;
	throw new InvalidArgumentError('It must be a positive number.');
};

const summaries = async (): Promise<string> => {
	const lines = Object.entries(scenarios).map(async ([name, load]) => `  ${name.padEnd(10)} ${(await load()).summary}`);
	return `\nScenarios:\n${(await Promise.all(lines)).join('\n')}`;
};

const run = async (name: string, options: BenchOptions): Promise<void> => {
	const scenario = await scenarios[name]?.();
	if (scenario === undefined) {
		throw new CommanderError(2, 'bench.scenario', `unknown scenario "${name}"; there are: ${names}`);
	}
	const at = new Date().toISOString();
	const rows = await scenario.run(options);
	process.stdout.write(`${tableOf(rows)}\n`);
	if (options.json === undefined) return;
	const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' };
	writeFileSync(options.json, `${JSON.stringify({ scenario: name, at, machine, options, rows }, null, '\t')}\n`);
};

// A scenario that is interrupted cleans up, as at any other end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const command = new Command('npm run bench --')
	.argument('<scenario>', names)
	.option('--json <file>', 'write the result to this file too')
	.option('--seconds <n>', 'how long each measurement goes on', positive)
	.option('--clients <n>', 'connections, where the scenario has any', positive)
	.option(
		'--messages <n>',
		'messages that are there before the measurement (default: store 10000000, site 100000)',
		positive,
	)
	.helpOption('--help', 'print this help')
	.exitOverride()
	.configureOutput({ writeErr: () => {} })
	.action(run);

try {
	if (process.argv.includes('--help')) command.addHelpText('after', await summaries());
	await command.parseAsync();
} catch (error) {
	if (!(error instanceof CommanderError)) throw error;
	if (error.exitCode !== 0) {
		process.stderr.write(`bench: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; see --help\n`);
		process.exitCode = 2;
	}
}
