import { afterAll, describe, expect, test, vi } from 'vitest';

const zone = process.env.TZ;
afterAll(() => {
	if (zone === undefined) delete process.env.TZ;
	else process.env.TZ = zone;
});

/** The helpers as a reader in this zone has them: formatters keep the zone that they were made in. */
const inZone = (name: string) => {
	process.env.TZ = name;
	vi.resetModules();
	return import('../../../site/src/thread/message-time.ts');
};

const at = Date.UTC(2026, 10, 20, 16, 5, 9);
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

describe.each([
	{ zone: 'UTC', time: '16:05', day: 'Friday, November 20', date: '2026年11月20日星期五' },
	{ zone: 'Asia/Shanghai', time: '00:05', day: 'Saturday, November 21', date: '2026年11月21日星期六' },
	{ zone: 'America/Los_Angeles', time: '08:05', day: 'Friday, November 20', date: '2026年11月20日星期五' },
])('a reader in $zone', ({ zone, time, day, date }) => {
	test('reads the time of their own clock', async () => {
		const { timeOfDay } = await inZone(zone);
		expect([timeOfDay(at, 'en'), timeOfDay(at, 'zh')]).toEqual([time, time]);
	});

	test('reads the day in the language of the page', async () => {
		const { dayText, fullTime } = await inZone(zone);
		const later = at + 10 * 86_400_000;
		expect(dayText(at, 'en', later)).toBe(day);
		expect(plain(fullTime(at, 'en'))).toContain(`${day}, 2026`);
		expect(plain(fullTime(at, 'zh'))).toContain(date);
		expect(dayText(at, 'zh', Date.UTC(2027, 5, 1))).toBe(date);
		expect(dayText(at, 'en', Date.UTC(2027, 5, 1))).toBe(`${day}, 2026`);
	});
});

describe('today and yesterday', () => {
	test('are days of the calendar, not spans of 24 hours', async () => {
		const { dayText, sameDay } = await inZone('Europe/Berlin');
		const now = new Date(2026, 10, 21, 0, 10).getTime();
		const beforeMidnight = new Date(2026, 10, 20, 23, 50).getTime();
		expect([dayText(now, 'en', now), dayText(now, 'zh', now)]).toEqual(['Today', '今天']);
		expect([dayText(beforeMidnight, 'en', now), dayText(beforeMidnight, 'zh', now)]).toEqual(['Yesterday', '昨天']);
		expect(dayText(new Date(2026, 10, 19, 23, 59).getTime(), 'en', now)).toBe('Thursday, November 19');
		expect([sameDay(now, beforeMidnight), sameDay(now, now + 1)]).toEqual([false, true]);
	});

	test.each([
		['a day of 23 hours', [2026, 2, 29]],
		['a day of 25 hours', [2026, 9, 25]],
	] as const)('hold over %s', async (_, [year, month, day]) => {
		const { dayText } = await inZone('Europe/Berlin');
		const now = new Date(year, month, day + 1, 0, 30).getTime();
		expect(dayText(new Date(year, month, day, 0, 5).getTime(), 'en', now)).toBe('Yesterday');
		expect(dayText(new Date(year, month, day, 23, 55).getTime(), 'en', now)).toBe('Yesterday');
		expect(dayText(new Date(year, month, day - 1, 23, 55).getTime(), 'en', now)).not.toBe('Yesterday');
	});

	test("another person's clock may be ahead: tomorrow is a date", async () => {
		const { dayText } = await inZone('UTC');
		expect(dayText(at + 86_400_000, 'en', at)).toBe('Saturday, November 21');
	});
});
