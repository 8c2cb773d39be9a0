import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from './result.ts';
import { tablesOf } from './tables.ts';

const place = /<!-- bench:([\w-]+) -->\n[\s\S]*?<!-- \/bench:\1 -->/g;

const said = (options: object): string =>
	Object.entries(options)
		.filter(([name]) => name !== 'clients')
		.map(([name, value]) => `${name} ${value}`)
		.join(', ');

/** A result as it stands in the page: when and where it was measured, and its tables. */
const section = (result: Result): string => {
	const { at, machine, options, ...found } = result;
	const where = `${machine.cpus} cores (${machine.cpu}), Node ${machine.node.slice(1)}, load ${machine.load} before`;
	const how = [...('clients' in found && found.clients > 0 ? [`${found.clients.toLocaleString('en')} clients`] : [])];
	const told = said(options);
	if (told !== '') how.push(told);
	return `${[at.slice(0, 10), where, ...how].join('; ')}:\n\n${tablesOf(found, { short: true })}`;
};

/** The page with the tables of these results between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`; places without a result stay as they are. */
export const rewritten = (page: string, resultOf: (name: string) => Result | undefined): string =>
	page.replace(place, (old, name: string) => {
		const result = resultOf(name);
		return result === undefined ? old : `<!-- bench:${name} -->\n${section(result)}\n<!-- /bench:${name} -->`;
	});

/** Rewrites the tables of a page from the results in a folder. */
export const report = (page: string, folder: string): void => {
	const resultOf = (name: string): Result | undefined => {
		const file = join(folder, `${name}.json`);
		if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
		process.stderr.write(`there is no ${file}\n`);
		return undefined;
	};
	writeFileSync(page, rewritten(readFileSync(page, 'utf8'), resultOf));
};
