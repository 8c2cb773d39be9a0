import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { alertNames, prometheusConfig, rulesFile, rulesTest } from '../../support/observability.ts';

/** What promtool says; rejects with it when it finds fault. */
const promtool = async (...args: string[]): Promise<string> => (await promisify(execFile)('promtool', args)).stdout;
const rules = readFileSync(rulesFile, 'utf8');
const tests = readFileSync(rulesTest, 'utf8');
const all = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, match = '']) => match);

test('promtool takes the configuration and the rules that it loads', async () => {
	expect(await promtool('check', 'config', prometheusConfig)).toContain('SUCCESS');
	expect(await promtool('check', 'rules', rulesFile)).toContain('SUCCESS');
});

test('each alert goes off for what it should, and not for what it should not', async () => {
	expect(await promtool('test', 'rules', rulesTest)).toContain('SUCCESS');
});

test('there are these alerts; each names its run-book, and is tested going off', () => {
	const names = all(rules, /^ +- alert: (\w+)$/gm);
	expect(new Set(names)).toEqual(new Set(alertNames));
	expect(all(rules, /runbook_url: (.+)$/gm)).toEqual(names.map((name) => `docs/operations.md#${name.toLowerCase()}`));
	const runBooks = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
	for (const name of alertNames) expect(runBooks).toMatch(new RegExp(`^#+ ${name}$`, 'm'));
	const goingOff = all(tests, /alertname: (\w+)\n +eval_time: \w+\n +exp_alerts:\n/g);
	expect(new Set(goingOff)).toEqual(new Set(alertNames));
});
