import { describe, expect, test } from 'vitest';
import { between, quantile } from '../../../src/top/between.ts';
import { missingOf } from '../../../src/top/missing.ts';
import { rowOf } from '../../../src/top/row.ts';
import { Scrape } from '../../../src/top/scrape.ts';
import { tableOf } from '../../../src/top/table.ts';
import { totalsOf } from '../../../src/top/totals.ts';
import { age, bytes, count, duration } from '../../../src/top/units.ts';

const logic = (accepted: number, at: number) =>
	new Scrape(`tschat_messages_accepted_total{module="logic"} ${accepted}`, at);

/** A connect server that has delivered so many messages within 10 ms, and so many within 100 ms. */
const connect = (quick: number, slow: number, at: number) => {
	const bucket = 'tschat_delivery_duration_seconds_bucket{module="connect-ws",le=';
	const all = quick + slow;
	return new Scrape(
		`tschat_ready{module="connect-ws"} 1
tschat_connections{module="connect-ws"} 7
tschat_connected_users{module="connect-ws"} 5
tschat_messages_delivered_total{module="connect-ws"} ${all}
${bucket}"0.01"} ${quick}\n${bucket}"0.1"} ${all}\n${bucket}"+Inf"} ${all}
process_resident_memory_bytes 104857600
process_cpu_seconds_total ${at / 2000}`,
		at,
	);
};
const shown = { service: 'connect-ws', serverId: 'ws-1', admin: null, version: '1.2.3', startedAt: 0 } as const;

describe('between two looks', () => {
	test('counts are told a second; of a process that started anew, since its start', () => {
		const rate = (before: number, after: number) =>
			between(logic(before, 0), logic(after, 2000)).rate('tschat_messages_accepted_total');
		expect(rate(100, 150)).toBe(25);
		expect(rate(100, 10)).toBe(5);
		expect(between(logic(1, 0), logic(2, 1000)).rate('tschat_rooms')).toBeUndefined();
	});

	test('a quantile is of what happened in that time alone, as Prometheus estimates it', () => {
		const since = between(connect(1000, 0, 0), connect(1000, 100, 1000));
		const took = since.histogram('tschat_delivery_duration_seconds', { module: 'connect-ws' });
		expect(quantile(took, 0.5)).toBeCloseTo(0.055);
		expect(quantile(took, 0.99)).toBeCloseTo(0.0991);
		const nothing = between(connect(1000, 0, 0), connect(1000, 0, 1000));
		expect(quantile(nothing.histogram('tschat_delivery_duration_seconds'), 0.99)).toBeUndefined();
		expect(
			quantile(
				new Map([
					[0.5, 0],
					[Number.POSITIVE_INFINITY, 3],
				]),
				0.99,
			),
		).toBe(0.5);
	});
});

test('a line tells what an instance does; one that does not answer tells so, and one that lies moves no cursor', () => {
	const [before, now] = [connect(0, 0, 0), connect(99, 1, 1000)];
	const since = between(before, now);
	const rows = [
		rowOf(shown, now, since),
		rowOf({ ...shown, serverId: '\x1b[2Jws-2' }, undefined, undefined),
		rowOf({ ...shown, service: 'logic', serverId: 'logic-1' }, logic(0, 1000), undefined),
	];
	const [title, totals, , head, first, second, third] = tableOf({
		at: 7_500_000,
		totals: totalsOf(rows, [{ scrape: now, since }]),
		missing: [],
		rows,
	});
	expect(title).toBe('tschat  1970-01-01T02:05:00.000Z  3 instances, 2 NOT READY');
	expect(totals).toContain('connections 7  users 5  accepted 0/s  delivered 100/s  delivery p99 10ms');
	expect(head?.split(/ +/)).toEqual([
		'SERVICE',
		'ID',
		'VERSION',
		'UP',
		'READY',
		'CONN',
		'IN/S',
		'OUT/S',
		'P99',
		'QUEUE',
		'LAG',
		'RSS',
		'CPU',
	]);
	expect(first?.split(/ {2,}/)).toEqual([
		'connect-ws',
		'ws-1',
		'1.2.3',
		'2h5m',
		'yes',
		'7',
		'-',
		'100',
		'10ms',
		'-',
		'-',
		'100M',
		'50%',
	]);
	expect(second).toMatch(/^connect-ws {2}\?\[2Jws-2 +1\.2\.3 +2h5m {2}NO ANSWER( +-){8}$/);
	expect(third).toMatch(/ NO /);
});

test('what messages need and nobody is, is told; one connect server of either kind is enough', () => {
	const titleOf = (...services: string[]) => {
		const rows = services.map((service) => ({ ...rowOf(shown, connect(0, 0, 0), undefined), service }));
		return tableOf({ at: 0, totals: totalsOf(rows, []), missing: missingOf(rows), rows })[0];
	};
	expect(titleOf('api', 'logic', 'connect-tcp', 'task')).toMatch(/ 4 instances, all ready$/);
	expect(titleOf('api', 'logic', 'connect-ws', 'site')).toMatch(/ 4 instances, no task$/);
	expect(titleOf('site')).toMatch(/ 1 instances, no api, no logic, no task, no connect server$/);
});

test('numbers are short', () => {
	expect([0, 7, 0.25, 999, 12_345, 1_500_000].map(count)).toEqual(['0', '7', '0.3', '999', '12.3k', '1.5M']);
	expect([512, 1_500_000, 3 * 2 ** 30].map(bytes)).toEqual(['512B', '1.4M', '3G']);
	expect([0.0004, 0.025, 1.25, 90].map(duration)).toEqual(['0.4ms', '25ms', '1.3s', '90s']);
	expect([5, 125, 7500, 200_000].map(age)).toEqual(['5s', '2m', '2h5m', '2d7h']);
	expect([count, bytes, duration, age].map((show) => show(undefined))).toEqual(['-', '-', '-', '-']);
});
