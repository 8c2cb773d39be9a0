import { expect, test } from 'vitest';
import { isClusterUrl, parseClusterUrl } from '../../../../src/adapters/redis/cluster-connection.ts';

test('a cluster is named by its scheme and a list of nodes', () => {
	expect(isClusterUrl('redis://one:6379')).toBe(false);
	expect(isClusterUrl('redis+cluster://one:6379,two')).toBe(true);
	expect(parseClusterUrl('redis+cluster://one:7000, two,[::1]:7002')).toMatchObject({
		nodes: [
			{ host: 'one', port: 7000 },
			{ host: 'two', port: 6379 },
			{ host: '::1', port: 7002 },
		],
		username: '',
		password: '',
		tls: false,
	});
});

test('user and password stand once, before the first node, and are not in what is shown', () => {
	const parsed = parseClusterUrl('rediss+cluster://ann:p%40ss@one:1,two:2');
	expect(parsed).toMatchObject({ username: 'ann', password: 'p@ss', tls: true, address: 'one:1,two:2' });
});

test.each(['redis+cluster://', 'redis+cluster://a:1,', 'redis+cluster://a:x', 'redis+cluster://a b'])(
	'%s is refused',
	(url) => {
		expect(parseClusterUrl(url)).toBeUndefined();
	},
);
