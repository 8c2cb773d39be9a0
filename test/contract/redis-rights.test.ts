import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeRedis } from '../../src/adapters/redis/probe.ts';
import { checkRedis } from '../../src/doctor/checks/redis-check.ts';
import type { Examination } from '../../src/doctor/examination.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const rights = {
	advised: ['~tschat:*', '+@all', '-@dangerous', '+info', '+client'],
	elsewhere: ['~other:*', '+@all'],
	reading: ['~*', '+@read', '+@connection', '+@scripting', '+info', '+time', '+del'],
	unscripted: ['~*', '+@all', '-@scripting'],
	hurried: ['~*', '+@all', '-@blocking'],
	waiting: ['~*', '+@all', '-@dangerous', '+info', '-client'],
	blind: ['~*', '+@all', '-@dangerous'],
};

let redis: TestRedis;
beforeAll(async () => {
	const users = Object.entries(rights).flatMap(([name, own]) => ['--user', name, 'on', '>s3cret', ...own]);
	redis = await startRedis({ args: users });
});
afterAll(() => redis.stop());

const check = (user: string) => {
	const url = redis.url.replace('//', `//${user}:s3cret@`);
	return checkRedis({
		config: { redis: { url, prefix: 'tschat' } },
		module: 'logic',
		probes: { redis: () => probeRedis(url, 'tschat') },
	} as unknown as Examination);
};

test.each(['elsewhere', 'reading', 'unscripted', 'hurried', 'waiting', 'blind'])(
	'the doctor tells of a user who may not do what modules do: %s',
	async (user) => {
		const findings = await check(user);
		expect(findings).toMatchObject([
			{
				level: 'fail',
				found: expect.stringMatching(/^its user has not the rights that modules need \(/),
				todo: expect.stringContaining('ACL SETUSER USER ~tschat:* +@all -@dangerous +info +client'),
			},
		]);
		expect(JSON.stringify(findings)).not.toContain('s3cret');
	},
);

test('one with the rights that it advises passes, and nothing is left of the trial', async () => {
	expect((await check('advised')).map(({ what, found }) => [what, found])).toEqual([
		['redis', expect.stringMatching(/^Redis /)],
		['redis memory', expect.stringContaining('noeviction')],
	]);
	const all = new Redis(redis.url);
	expect(await all.keys('*')).toEqual([]);
	all.disconnect();
});
