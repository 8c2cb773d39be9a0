import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/processes.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'bench.mjs');
const folder = temporaryFolder('bench');
afterAll(folder.remove);

const processes: Readonly<Record<string, readonly string[]>> = {
	'tschat-cluster': ['api', 'logic', 'task', 'connect-ws', 'redis-server', 'etcd'],
	'tschat-embedded': ['tschat'],
	socketio: ['socketio', 'redis-server'],
	bare: ['bare'],
};

test('one command measures tschat, its peers and the limit in one run, and counts every delivery', () => {
	const json = join(folder.path, 'fanout.json');
	const args = ['fanout', '--clients', '20', '--seconds', '1', '--rate', '50', '--json', json];
	const env = { ...process.env, TMPDIR: folder.path };
	const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
	expect(status, stderr).toBe(0);
	const result = JSON.parse(readFileSync(json, 'utf8'));
	expect(result).toMatchObject({ scenario: 'fanout', clients: 20 });
	expect(result.targets.map(({ name }: { name: string }) => name)).toEqual(Object.keys(processes));
	for (const target of result.targets) {
		expect(target).toMatchObject({ missing: 0, repeated: 0, rate: 50, held_per_second: expect.any(Number) });
		// 1,000 deliveries within the second and what the last ones took.
		expect(target.deliveries_per_second).toBeGreaterThan(100);
		expect(target.p50_ms).toBeGreaterThan(0);
		expect(target.p95_ms).toBeGreaterThanOrEqual(target.p50_ms);
		expect(target.p99_ms).toBeGreaterThanOrEqual(target.p95_ms);
		expect(target.processes.map(({ name }: { name: string }) => name)).toEqual(processes[target.name]);
		for (const { cpu_seconds, rss_bytes } of target.processes) {
			expect(cpu_seconds).toBeGreaterThanOrEqual(0);
			expect(rss_bytes).toBeGreaterThan(1_000_000);
		}
		expect(stdout).toContain(`| ${target.name} `);
	}
}, 120_000);
