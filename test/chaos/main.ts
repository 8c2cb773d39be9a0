import { Command, InvalidArgumentError, Option } from 'commander';
import { isWhole, verdictLine } from './report.ts';
import { runChaos } from './run.ts';
import type { StoreName } from './scene.ts';
import { faultText, scheduleOf } from './schedule.ts';

const positive = (text: string): number => {
	const number = Number(text);
	if (number > 0 && Number.isFinite(number)) return number;
	throw new InvalidArgumentError('It must be a positive number.');
};

interface Options {
	readonly minutes: number;
	readonly seed: number;
	readonly store: StoreName;
	readonly rate: number;
	readonly schedule?: true;
	readonly soak?: true;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async ({ minutes, seed, store, rate, schedule }: Options): Promise<void> => {
	const seconds = minutes * 60;
	if (schedule === true) {
		for (const fault of scheduleOf(seed, seconds)) print(faultText(fault));
		return;
	}
	const result = await runChaos({ seconds, seed, store, rate, print });
	for (const line of [...result.details, ...result.problems]) print(line);
	print(verdictLine(result));
	process.exitCode = isWhole(result) ? 0 : 1;
};

await new Command('npm run chaos --')
	.description('breaks a cluster in all ways that its promises speak of, and looks whether they hold')
	.option('--minutes <n>', 'how long the faults go on', positive, 5)
	.option('--seed <n>', 'the same faults for the same seed', Number, Math.floor(Math.random() * 1_000_000))
	.option('--rate <n>', 'messages a second', positive, 60)
	.addOption(new Option('--store <name>', 'what holds the log').choices(['sqlite', 'postgres']).default('sqlite'))
	.option('--schedule', 'only print what would be done')
	.option('--soak', 'clients come and go instead, and what the modules hold is watched')
	.action(run)
	.parseAsync();
