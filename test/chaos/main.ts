import { Command, InvalidArgumentError, Option } from 'commander';
import { isWhole, verdictLine } from './report.ts';
import { runChaos } from './run.ts';
import type { StoreName } from './scene.ts';
import { type FaultKind, faultKinds, faultText, scheduleOf } from './schedule.ts';
import { runSoak } from './soak.ts';

const positive = (text: string): number => {
	const number = Number(text);
	if (number > 0 && Number.isFinite(number)) return number;
	throw new InvalidArgumentError('It must be a positive number.');
};

const kinds = (text: string): FaultKind[] =>
	text.split(',').map((name) => {
		const kind = faultKinds.find((known) => known === name.trim());
		if (kind === undefined) throw new InvalidArgumentError(`There are: ${faultKinds.join(', ')}.`);
		return kind;
	});

interface Options {
	readonly minutes: number;
	readonly seed: number;
	readonly store: StoreName;
	readonly rate: number;
	readonly only?: readonly FaultKind[];
	readonly schedule?: true;
	readonly soak?: true;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async ({ minutes, seed, store, rate, only, schedule, soak }: Options): Promise<void> => {
	const seconds = minutes * 60;
	if (schedule === true) {
		for (const fault of scheduleOf(seed, seconds, only)) print(faultText(fault));
		return;
	}
	if (soak === true) {
		const grown = await runSoak({ seconds, seed, store, rate, print });
		for (const line of grown) print(line);
		print(grown.length === 0 ? 'memory and handles level off' : 'memory or handles grow');
		process.exitCode = grown.length === 0 ? 0 : 1;
		return;
	}
	const result = await runChaos({ seconds, seed, store, rate, only, print });
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
	.option('--only <kinds>', 'these faults alone, as in "kill logic,hang connect-ws"', kinds)
	.option('--schedule', 'only print what would be done')
	.option('--soak', 'clients come and go instead, and what the modules hold is watched')
	.action(run)
	.parseAsync();
