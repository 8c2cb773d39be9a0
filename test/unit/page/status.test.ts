import { describe, expect, test } from 'vitest';
import { byService, extremesOf, historyOf, presentFigures } from '../../../site/src/status/figures.ts';
import { formatsOf } from '../../../site/src/status/formats.ts';

const begin = Date.UTC(2026, 0, 31, 12);
const time = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
const sample = (seconds: number, queue: number | null = 0) => ({
	at: time(seconds),
	connections: seconds,
	rooms: 1,
	accepted: 10,
	delivered: 25,
	queue,
});
const module = (service: string, serverId: string, connections: number | null = null) => ({
	service,
	serverId,
	version: '1',
	startedAt: time(0),
	publicUrl: null,
	answers: null,
	connections,
	rooms: connections,
});
const status = (samples: ReturnType<typeof sample>[], modules: ReturnType<typeof module>[] = []) => ({
	at: time(60),
	modules,
	queue: null,
	intervalMs: 5000,
	samples,
});

describe('figures', () => {
	test('of all servers that answer are added up; rates are those of the last sample, a second', () => {
		const modules = [module('connect-ws', 'a', 2), module('connect-ws', 'b'), module('connect-tcp', 'c', 3)];
		expect(presentFigures(status([sample(5), { ...sample(10), accepted: 3 }], modules))).toEqual({
			connections: 5,
			rooms: 5,
			accepted: 0.6,
			delivered: 5,
			queue: null,
		});
	});

	test('are unknown before the first sample, not nought', () => {
		expect(presentFigures(status([]))).toMatchObject({ accepted: null, delivered: null, queue: null });
		expect(extremesOf([])).toEqual({ last: null, highest: null, lowest: null });
	});

	test('of a moment without a sample are a gap in each line', () => {
		const { at, ...lines } = historyOf(status([sample(0), sample(5, null), sample(20, 4)]));
		expect(at.map((seconds) => seconds - begin / 1000)).toEqual([0, 5, 12.5, 20]);
		expect(lines).toEqual({
			connections: [0, 5, null, 20],
			accepted: [2, 2, null, 2],
			delivered: [5, 5, null, 5],
			queue: [0, null, null, 4],
		});
		expect(extremesOf(lines.connections)).toEqual({ last: 20, highest: 20, lowest: 0 });
	});
});

test('modules stand in the order of a message, servers by their ids, and services that nobody knows last', () => {
	const modules = [module('new', 'n'), module('site', 's'), module('logic', 'l-2'), module('logic', 'l-1')];
	expect(byService(modules).map(([service, servers]) => [service, ...servers.map(({ serverId }) => serverId)])).toEqual(
		[
			['logic', 'l-1', 'l-2'],
			['site', 's'],
			['new', 'n'],
		],
	);
});

describe('formats', () => {
	const english = formatsOf('en');
	const chinese = formatsOf('zh');
	const hour = 3_600_000;

	test.each([
		[-400, '0s', '0秒'],
		[999, '0s', '0秒'],
		[61_000, '1m 1s', '1分钟1秒'],
		[hour, '1h 0m', '1小时0分钟'],
		[51 * hour, '2d 3h', '2天3小时'],
	])('%s ms lasted %s', (ms, ...texts) => {
		expect([english.duration(ms), chinese.duration(ms)]).toEqual(texts);
	});

	test('a time that has passed', () => {
		expect(english.ago(12_900)).toBe('12 seconds ago');
		expect(chinese.ago(12_900)).toMatch(/^12秒钟?前$/);
		expect(english.ago(2 * hour)).toBe('2 hours ago');
	});

	test('figures', () => {
		expect([english.number(12_345.67), english.number(null), english.short(1_250_000)]).toEqual([
			'12,345.7',
			'–',
			'1.3M',
		]);
		expect(chinese.short(12_000)).toBe('1.2万');
	});
});
