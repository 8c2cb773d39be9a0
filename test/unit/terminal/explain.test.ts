import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signIn, TschatError } from '../../../src/client/index.ts';
import { listen } from '../../../src/runtime/listen.ts';
import { explain } from '../../../src/terminal/explain.ts';
import { createAuthority, type KeyPair } from '../../support/certificates.ts';

const authority = createAuthority();

/** What a person reads who signs in at a server with this certificate. */
const toldOf = async ({ cert, key }: KeyPair): Promise<string> => {
	const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
	const url = `https://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
	onTestFinished(() => void server.close());
	const error = await signIn({ api: url, name: 'ann', password: 'x' }).catch((failure: unknown) => failure);
	return explain(error, { url, user: 'ann' }).replace(url, 'URL');
};

describe('why a chat did not begin', () => {
	test('a certificate that is not trusted is told as such, with what makes it so', async () => {
		expect(await toldOf(authority.issue('unknown'))).toBe(
			'the certificate of URL is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): name a file with the one that signed it in NODE_EXTRA_CA_CERTS',
		);
	});

	test('nobody who listens is told as before', async () => {
		const error = new TschatError('unreachable', 'URL does not answer');
		expect(explain(error, { url: 'URL', user: 'ann' })).toMatch(/^no tschat answers at URL: start it/);
	});

	test('a ban says until when', () => {
		const until = new Date(2040, 0, 31, 19, 30).toISOString();
		const error = new TschatError('banned', 'an administrator has banned this user', { until });
		expect(explain(error, { url: 'URL', user: 'ann' })).toBe(
			'an administrator has banned this user until 2040-01-31 19:30',
		);
	});
});
