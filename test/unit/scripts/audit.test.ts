import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Verdict {
	readonly failed: boolean;
	readonly lines: readonly string[];
}

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'audit.mjs');
const { judge } = (await import(script)) as {
	judge(report: unknown, exceptions: readonly object[], today: string): Verdict;
};

const today = '2026-11-27';

/** As npm 10 prints it, of a package with a hole and of one that brings it along. */
const reportWith = (severity: string) => ({
	auditReportVersion: 2,
	vulnerabilities: {
		ws: {
			name: 'ws',
			severity,
			isDirect: true,
			via: [
				{
					source: 1098392,
					name: 'ws',
					dependency: 'ws',
					title: 'ws affected by a DoS when handling a request with many HTTP headers',
					url: 'https://github.com/advisories/GHSA-3h5v-q93c-6h6q',
					severity,
					cwe: ['CWE-476'],
					cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
					range: '>=8.0.0 <8.17.1',
				},
			],
			effects: ['engine.io'],
			range: '8.0.0 - 8.17.0',
			nodes: ['node_modules/ws'],
			fixAvailable: true,
		},
		'engine.io': {
			name: 'engine.io',
			severity,
			isDirect: false,
			via: ['ws'],
			effects: [],
			range: '0.7.8 - 6.5.5',
			nodes: ['node_modules/engine.io'],
			fixAvailable: true,
		},
	},
	metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 2, critical: 0, total: 2 } },
});
const clean = { auditReportVersion: 2, vulnerabilities: {}, metadata: {} };
const line =
	'high: ws >=8.0.0 <8.17.1: ws affected by a DoS when handling a request with many HTTP headers, GHSA-3h5v-q93c-6h6q';
const exception = { advisory: 'GHSA-3h5v-q93c-6h6q', reason: 'requests have few headers here', until: '2026-11-27' };

test('nothing known: passes in silence', () => {
	expect(judge(clean, [], today)).toEqual({ failed: false, lines: [] });
});

test('a high or critical advisory fails, named once however many packages bring it along', () => {
	expect(judge(reportWith('high'), [], today)).toEqual({ failed: true, lines: [`audit: ${line}`] });
	expect(judge(reportWith('critical'), [], today).failed).toBe(true);
});

test('a lesser one does not', () => {
	for (const severity of ['low', 'moderate']) {
		expect(judge(reportWith(severity), [], today)).toEqual({ failed: false, lines: [] });
	}
});

test('an exception holds to the end of its last day, and no longer', () => {
	expect(judge(reportWith('high'), [exception], today)).toEqual({ failed: false, lines: [] });
	expect(judge(reportWith('high'), [exception], '2026-11-28')).toEqual({
		failed: true,
		lines: [`audit: ${line} (its exception has ended)`],
	});
});

test('an exception without a reason or an end fails; one that is no longer needed is named', () => {
	for (const missing of ['advisory', 'reason', 'until']) {
		expect(judge(clean, [{ ...exception, [missing]: undefined }], today).failed).toBe(true);
	}
	expect(judge(clean, [exception], today)).toEqual({
		failed: false,
		lines: ['audit: the exception for GHSA-3h5v-q93c-6h6q is no longer needed'],
	});
});

test.each([
	[undefined, 'no answer in time'],
	[
		{ message: '405 Method Not Allowed - POST https://registry.example/advisories/bulk', statusCode: 405 },
		'405 Method Not',
	],
	[{ message: 'request failed, reason: getaddrinfo ENOTFOUND registry.example' }, 'ENOTFOUND'],
	[{ error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } }, 'existing lockfile'],
	[[], 'no answer in time'],
	['text', 'no answer in time'],
])('a registry that gives no advisories is told in one line, and passes: %j', (report, why) => {
	const { failed, lines } = judge(report, [], today);
	expect(failed).toBe(false);
	expect(lines).toHaveLength(1);
	expect(lines[0]).toContain('audit: skipped');
	expect(lines[0]).toContain(why);
});

test('a registry that hangs holds nobody up for long', async () => {
	const silent = createServer(() => {}).listen(0, '127.0.0.1');
	await once(silent, 'listening');
	const { port } = silent.address() as AddressInfo;
	const began = performance.now();
	const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}` };
	const audit = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	audit.stderr.on('data', (chunk) => {
		said += chunk;
	});
	expect(await once(audit, 'close')).toEqual([0, null]);
	expect(said).toMatch(/^audit: skipped, .*\n$/);
	expect(performance.now() - began).toBeLessThan(9000);
	silent.close();
});
