import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'backup-tools.mjs');
const { postgresOf } = (await import(script)) as {
	postgresOf(store: string): { readonly dbname: string; readonly env: Readonly<Record<string, string>> };
};

test.each([
	['postgres://chat:s3%20cret@db:5432/chat', 'postgres://chat@db:5432/chat'],
	[
		'postgres://db/chat?user=chat&password=s3%20cret&sslrootcert=/a%20b',
		'postgres://db/chat?user=chat&sslrootcert=%2Fa%20b',
	],
])("the password of %s is in no argument of PostgreSQL's programs", (store, dbname) => {
	expect(postgresOf(store)).toEqual({ dbname, env: { PGPASSWORD: 's3 cret' } });
});
