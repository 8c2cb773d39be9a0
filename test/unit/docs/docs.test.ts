import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { closeCodes } from '../../../src/protocol/close-codes.ts';
import { errorKinds } from '../../../src/protocol/errors.ts';
import { loadConfig } from '../../../src/runtime/config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const markdown = (folder: string): string[] =>
	readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []));
const pages = [...markdown('.'), ...markdown('docs'), ...markdown('docs/adr')];

describe('the documents', () => {
	test.each(pages)('%s links to files that exist', (page) => {
		const targets = Array.from(read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g), ([, target = '']) => target);
		const files = targets.filter((target) => !/^[a-z]+:/.test(target));
		expect(files.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
	});

	test('docs/errors.md lists every error, as it is', () => {
		const page = read('docs/errors.md');
		for (const [key, { message, rpcCode, httpStatus, retryable }] of Object.entries(errorKinds)) {
			expect(page).toContain(`| \`${key}\` | ${message} | ${rpcCode} | ${httpStatus} | ${retryable ? 'yes' : 'no'} |`);
		}
		expect(page.match(/^\| `/gm)?.length).toBe(Object.keys(errorKinds).length);
	});

	test('docs/errors.md lists every close code, as it is', () => {
		const page = read('docs/errors.md');
		for (const [key, { code, reason }] of Object.entries(closeCodes)) {
			expect(page).toContain(`| ${code} | \`${key}\` | ${reason} | ${code < 4500 ? 'come back' : 'stop'} |`);
		}
		expect(page.match(/^\| 4\d{3} \|/gm)?.length).toBe(Object.keys(closeCodes).length);
	});

	test('docs/limits.md tells every limit with its default', () => {
		const { limits } = loadConfig({ environment: {}, assignments: [] });
		const told = Array.from(read('docs/limits.md').matchAll(/^\| `limits\.(\w+)` \| ([\d,]+)/gm), ([, key, value]) => [
			key,
			Number(value?.replaceAll(',', '')),
		]);
		expect(Object.fromEntries(told)).toEqual(limits);
		expect(told.length).toBe(Object.keys(limits).length);
	});

	test('docs/gochat-faults.md and the tests name the same faults', () => {
		const listed = Array.from(read('docs/gochat-faults.md').matchAll(/^\| (\d+) \|/gm), ([, number]) => Number(number));
		expect(listed).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
		const tests = read('test/e2e/gochat-faults-sockets.test.ts') + read('test/e2e/gochat-faults-cluster.test.ts');
		const tested = Array.from(tests.matchAll(/faults? (\d+)(?: and (\d+))?: /g), ([, one, two]) => [one, two]);
		expect(new Set(tested.flat().filter(Boolean).map(Number))).toEqual(new Set(listed));
	});
});
