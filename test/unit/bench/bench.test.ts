import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/processes.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'bench.mjs');
const folder = temporaryFolder('bench');
afterAll(folder.remove);

const bench = (...args: string[]) => {
	const env = { ...process.env, TMPDIR: folder.path };
	return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env, timeout: 100_000 });
};

test('the store is measured through its port: a table, the same as JSON, and nothing left behind', () => {
	const json = join(folder.path, 'result.json');
	const { status, stdout } = bench('store', '--messages', '20000', '--seconds', '0.01', '--json', json);
	expect(status).toBe(0);
	const { scenario, rows } = JSON.parse(readFileSync(json, 'utf8'));
	expect(scenario).toBe('store');
	expect(rows).toHaveLength(9);
	for (const row of rows) {
		expect(stdout).toContain(`| ${row.what} `);
		expect(row).toMatchObject({ 'p50 ms': expect.any(Number), 'max ms': expect.any(Number) });
	}
	expect(readdirSync(folder.path)).toEqual(['result.json']);
}, 120_000);

test('an unknown scenario ends with one line that lists those there are, and exit code 2', () => {
	const { status, stderr } = bench('stroe');
	expect(stderr.trimEnd()).toMatch(/^bench: unknown scenario "stroe"; there are: .*\bstore\b.*$/);
	expect(status).toBe(2);
	expect(readdirSync(folder.path).filter((name) => name !== 'result.json')).toEqual([]);
}, 60_000);

test('an unknown target ends with one line that lists those there are, and exit code 2', () => {
	const { status, stderr } = bench(
		'fanout',
		'--target',
		'mine=http://127.0.0.1:1,ws://127.0.0.1:2',
		'--only',
		'socket.io',
	);
	expect(stderr.trimEnd()).toMatch(/^bench: unknown target "socket\.io"; there are: .*\bsocketio\b.*\bmine\b.*$/);
	expect(status).toBe(2);
}, 60_000);

const scenarios = /^ {2}fanout +\w[\s\S]*^ {2}store +\w[\s\S]*^ {2}report +\w/m;

test('without a scenario those there are are listed', () => {
	const { status, stdout } = bench();
	expect(status).toBe(0);
	expect(stdout).toMatch(scenarios);
}, 60_000);

test('--help names the scenarios and options', () => {
	const { status, stdout } = bench('--help');
	expect(status).toBe(0);
	expect(stdout).toMatch(scenarios);
	for (const word of ['--json', '--seconds', '--clients', '--messages', '--rate', '--only', '--target', '--servers']) {
		expect(stdout).toContain(word);
	}
}, 60_000);
