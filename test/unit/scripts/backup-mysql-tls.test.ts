import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'backup-mysql-tls.mjs');
const { tlsOptions } = (await import(script)) as {
	tlsOptions(ssl: object, how: { isMariadb: boolean; fileOf(name: string, pem: string): string }): readonly string[];
};

// MySQL's own programs, which few have beside those of MariaDB: test/e2e/backup.test.ts runs these.
test.each([
	[{ rejectUnauthorized: false, ca: 'A' }, ['--ssl-mode=REQUIRED']],
	[{ ca: 'A' }, ['--ssl-mode=VERIFY_CA', '--ssl-ca=ca:A']],
	[{ ca: ['A', 'B'], verifyIdentity: true }, ['--ssl-mode=VERIFY_IDENTITY', '--ssl-ca=ca:A\nB']],
	[{ ca: 'A', cert: 'C', key: 'K' }, ['--ssl-mode=VERIFY_CA', '--ssl-ca=ca:A', '--ssl-cert=cert:C', '--ssl-key=key:K']],
	[{}, ['--ssl-mode=VERIFY_CA', '--ssl-ca=ca:-----BEGIN CERTIFICA']],
])('of %j the programs of MySQL are told as they understand it', (ssl, expected) => {
	const fileOf = (name: string, pem: string) => `${name}:${pem.slice(0, 20)}`;
	expect(tlsOptions(ssl, { isMariadb: false, fileOf })).toEqual(expected);
});
