import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { keptOptions, settingNow } from './result.ts';
import { runs } from './runs.ts';
import type { BenchOptions } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { tablesOf } from './tables.ts';

/** Makes a folder; not one below a folder that is not there, which can hang (Node 20 in `/proc`). */
const makeFolder = (path: string): void => {
	try {
		if (!existsSync(path)) mkdirSync(path);
		accessSync(`${path}/.`, constants.W_OK);
	} catch (error) {
		throw new InvalidArgumentError(
			`cannot write to ${path}: ${error instanceof Error ? error.message : String(error)}`,
		);
	}
};

/** Runs one scenario: its tables on stdout, and its result into the file that the options name. */
export const runScenario = async (name: string, options: BenchOptions): Promise<void> => {
	const scenario = await scenarios[name]?.();
	if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
	// Now, and not after minutes of measuring: where it cannot be written.
	if (options.json !== undefined) makeFolder(dirname(options.json));
	const setting = settingNow();
	const found = await scenario.run(options);
	process.stdout.write(`${tablesOf(found)}\n`);
	if (options.json === undefined) return;
	const result = { scenario: name, ...found, ...setting, options: keptOptions(options) };
	writeFileSync(options.json, `${JSON.stringify(result, null, '\t')}\n`);
};

/** Runs all of them, each into a file of its own. One that fails is told, and the next one is run. Whether none failed. */
export const runAll = async (folder: string, options: BenchOptions): Promise<boolean> => {
	let good = true;
	for (const run of runs) {
		process.stdout.write(`\n## ${run.name}\n\n`);
		try {
			await runScenario(run.scenario, { ...run.options, ...options, json: join(folder, `${run.name}.json`) });
		} catch (error) {
			good = false;
			process.stderr.write(`${run.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
		}
	}
	return good;
};
