import { expect, test } from 'vitest';
import { rewritten } from '../../bench/report.ts';
import type { Result } from '../../bench/result.ts';

const result: Result = {
	scenario: 'fanout',
	clients: 500,
	targets: [
		{
			name: 'bare',
			held_per_second: 2000,
			deliveries_per_second: 1_000_000,
			p50_ms: 1.5,
			p95_ms: 2,
			p99_ms: null,
			missing: 0,
			repeated: 0,
			processes: [{ name: 'bare', cpu_seconds: 4.25, rss_bytes: 70_000_000 }],
		},
	],
	at: '2026-11-21T10:00:00.000Z',
	machine: { node: 'v20.20.2', cpus: 2, cpu: 'some processor', memory_bytes: 1, load: 0.5 },
	options: { clients: 500, rate: 100 },
};

const page =
	'before\n<!-- bench:fanout -->\nold\n<!-- /bench:fanout -->\nbetween\n<!-- bench:idle -->\nkept\n<!-- /bench:idle -->\n';

test('the tables of a result take their place in the page, and the rest of it stays', () => {
	const once = rewritten(page, (name) => (name === 'fanout' ? result : undefined));
	expect(once).toBe(`before
<!-- bench:fanout -->
2026-11-21; 2 cores (some processor), Node 20.20.2, load 0.5 before; 500 clients; rate 100:

| target | held a second | deliveries a second | p50 ms | p95 ms | missing | repeated |
| ------ | ------------: | ------------------: | -----: | -----: | ------: | -------: |
| bare   |         2,000 |           1,000,000 |    1.5 |      2 |       0 |        0 |

| target | CPU and RSS of each process |
| ------ | --------------------------- |
| bare   | bare 4.25 s, 70 MB          |
<!-- /bench:fanout -->
between
<!-- bench:idle -->
kept
<!-- /bench:idle -->
`);
	expect(rewritten(once, () => result).replaceAll('bench:fanout', '')).toContain('1,000,000');
	expect(rewritten(once, (name) => (name === 'fanout' ? result : undefined))).toBe(once);
});
