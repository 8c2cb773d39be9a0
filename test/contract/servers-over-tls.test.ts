import { describe, expect, test } from 'vitest';
import { openRedisQueue } from '../../src/adapters/redis/queue.ts';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { createAuthority } from '../support/certificates.ts';
import { startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';

// That it works with a certificate that is trusted, test/e2e/secured-cluster.test.ts shows. Here: that others are not.

const authority = createAuthority();
const stranger = createAuthority();
const pair = authority.issue('server');

const outcomeOf = (opening: Promise<{ close(): Promise<void> }>): Promise<string> =>
	opening.then(async (port) => {
		await port.close();
		return 'open';
	}, String);

describe('servers that show a certificate', () => {
	test('Redis: rediss:// takes none that is not trusted, and tells no password in saying so', async () => {
		const password = 'the-password-of-redis';
		const redis = await startRedis({ tls: pair, password });
		const open = (url: string) => outcomeOf(openRedisQueue({ url, prefix: 'tls' }));
		const reason = await open(redis.url);
		expect(reason).toMatch(/cannot reach Redis at localhost:\d+ \(.*certificate.*\): trust .* NODE_EXTRA_CA_CERTS=/);
		expect(reason).not.toContain(password);
		expect(await open(redis.url.replace(/^rediss/, 'redis'))).toMatch(
			/cannot reach Redis .*: rediss:\/\/ if it speaks TLS$/,
		);
		await redis.stop();
	});

	test('PostgreSQL: sslmode and sslrootcert in store.url say which are taken', async () => {
		const postgres = await startPostgres({ tls: pair });
		const url = await postgres.createDatabase();
		const open = (parameters: string) =>
			outcomeOf(openSqlStore({ url: `${url}?${parameters}`, poolSize: 1, durability: 'process' }));
		expect(await open(`sslmode=verify-full&sslrootcert=${authority.ca}`)).toBe('open');
		expect(await open('sslmode=no-verify')).toBe('open');
		for (const parameters of ['sslmode=require', `sslmode=verify-full&sslrootcert=${stranger.ca}`]) {
			expect(await open(parameters)).toMatch(/certificate; name the authority .* in store.url: .*sslrootcert=/);
		}
		await postgres.remove();
	});
});
