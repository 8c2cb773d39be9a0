import { type Command, InvalidArgumentError, Option } from 'commander';
import { minBodyBytes } from './load/marker.ts';
import { kinds } from './peers.ts';
import { givenTarget } from './targets/given.ts';
import type { TargetKind } from './targets/target.ts';

const positive = (text: string): number => {
	const number = Number(text);
	if (number > 0 && Number.isFinite(number)) return number;
	throw new InvalidArgumentError('It must be a positive number.');
};

const whole = (text: string): number => {
	const number = positive(text);
	if (Number.isInteger(number)) return number;
	throw new InvalidArgumentError('It must be a whole number.');
};

const bodyBytes = (text: string): number => {
	const bytes = whole(text);
	if (bytes >= minBodyBytes) return bytes;
	throw new InvalidArgumentError(`It must be at least ${minBodyBytes}, for what each message carries.`);
};

const list = (text: string): string[] => text.split(',').filter((name) => name !== '');

const given = (text: string, before: readonly TargetKind[] = []): readonly TargetKind[] => [
	...before,
	givenTarget(text),
];

const targetNames = kinds.map(({ name }) => name).join(', ');

/** What the scenarios can be told; `BenchOptions`, once it is parsed. */
export const addOptions = (command: Command): Command =>
	command
		.option('--json <file>', 'write the result to this file too')
		.option('--seconds <n>', 'how long each measurement goes on (default: 5; storm: 15)', positive)
		.option('--clients <n>', 'connections, where the scenario has any', whole)
		.option('--rate <n>', 'measure at so many messages (connect, idle: connections) a second', positive)
		.option('--only <name,…>', `measure these targets only, of ${targetNames} and what --target names`, list)
		.option('--target <name=http://…,ws://…>', 'measure this server of gochat’s protocol too (repeatable)', given)
		.option('--servers <n>', 'how many connect-ws the cluster has', whole)
		.option('--body <bytes>', 'the length of each message (default: 100)', bodyBytes)
		.addOption(new Option('--dialect <name>', 'what clients of tschat speak').choices(['gochat', 'v2']))
		.option(
			'--messages <n>',
			'messages that are there before the measurement (default: store 10000000, site 100000)',
			positive,
		)
		.option('--json-dir <folder>', 'where `all` puts its results and `report` finds them (default: docs/bench)');
