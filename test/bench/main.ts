import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { addOptions } from './options.ts';
import { kinds } from './peers.ts';
import { report } from './report.ts';
import { runAll, runScenario } from './run.ts';
import type { BenchOptions } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const names = [...Object.keys(scenarios), 'all', 'report'].join(', ');

const wrong = (message: string) => new CommanderError(2, 'bench', message);

const summaries = async (): Promise<string> => {
	const lines = Object.entries(scenarios).map(async ([name, load]) => [name, (await load()).summary] as const);
	const all = [
		...(await Promise.all(lines)),
		['all', 'all of these, each into a file of its own'],
		['report', 'rewrites the tables of docs/performance.md from these files'],
	];
	return `Scenarios:\n${all.map(([name = '', summary]) => `  ${name.padEnd(12)} ${summary}`).join('\n')}\n`;
};

const checkTargets = ({ only = [], target = [] }: BenchOptions): void => {
	const known = [...kinds, ...target].map(({ name }) => name);
	const unknown = only.find((name) => !known.includes(name));
	if (unknown !== undefined) throw wrong(`unknown target "${unknown}"; there are: ${known.join(', ')}`);
};

const run = async (name: string | undefined, options: BenchOptions): Promise<void> => {
	checkTargets(options);
	const { jsonDir = `${docs}/bench` } = options;
	if (name === undefined) process.stdout.write(`npm run bench -- <scenario> [options]\n\n${await summaries()}`);
	else if (name === 'report') report(`${docs}/performance.md`, jsonDir);
	else if (name === 'all') process.exitCode = (await runAll(jsonDir, options)) ? 0 : 1;
	else if (name in scenarios) await runScenario(name, options);
	else throw wrong(`unknown scenario "${name}"; there are: ${names}`);
};

// A scenario that is interrupted cleans up, as at any other end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const command = addOptions(new Command('npm run bench --').argument('[scenario]', names))
	.helpOption('--help', 'print this help')
	.exitOverride()
	.configureOutput({ writeErr: () => {} })
	.action(run);

try {
	if (process.argv.includes('--help')) command.addHelpText('after', `\n${await summaries()}`);
	await command.parseAsync();
} catch (error) {
	if (!(error instanceof CommanderError)) throw error;
	if (error.exitCode !== 0) {
		process.stderr.write(`bench: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; see --help\n`);
		process.exitCode = 2;
	}
}
