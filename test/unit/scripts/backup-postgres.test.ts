import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'backup-postgres.mjs');
const { postgresOf } = (await import(script)) as {
	postgresOf(
		store: string,
		fileOf: (name: string) => string,
	): { readonly dbname: string; readonly env: Readonly<Record<string, string>> };
};
const fileOf = (name: string) => `/${name}`;

test.each([
	['postgres://chat:s3%20cret@db:5432/chat', 'postgres://chat@db:5432/chat?sslmode=disable'],
	[
		'postgres://db/chat?user=chat&password=s3%20cret&x=%2Fa%20b',
		'postgres://db/chat?user=chat&x=%2Fa%20b&sslmode=disable',
	],
])("the password of %s is in no argument of PostgreSQL's programs", (store, dbname) => {
	expect(postgresOf(store, fileOf)).toEqual({ dbname, env: { PGPASSWORD: 's3 cret' } });
});

test.each([
	['require', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['no-verify', 'sslmode=require'],
	['', 'sslmode=disable'],
	['allow', 'sslmode=disable'],
])('PGSSLMODE=%s counts as it does for the driver, where the URL says nothing of TLS', (mode, told) => {
	vi.stubEnv('PGSSLMODE', mode);
	expect(postgresOf('postgres://db/chat', fileOf).dbname).toBe(`postgres://db/chat?${told}`);
	expect(postgresOf('postgres://db/chat?sslmode=disable', fileOf).dbname).toBe('postgres://db/chat?sslmode=disable');
	vi.unstubAllEnvs();
});

test.each([
	['sslmode=disable', 'sslmode=disable'],
	['sslmode=require', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['sslmode=prefer', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['ssl=true', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['sslmode=verify-ca&sslrootcert=/ca', 'sslmode=verify-full&sslrootcert=%2Fca'],
	['sslrootcert=/ca', 'sslrootcert=%2Fca&sslmode=verify-full'],
	['sslmode=no-verify&sslrootcert=/ca', 'sslmode=require'],
	['uselibpqcompat=true&sslmode=require', 'sslmode=require'],
	['uselibpqcompat=true&ssl=true', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['sslmode=allow', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['ssl=no-verify', 'sslmode=require'],
	['ssl=no-verify&sslmode=require', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['ssl=no-verify&sslmode=disable', 'sslmode=disable'],
	// Of two the driver takes the last.
	['sslmode=no-verify&sslmode=require', 'sslmode=verify-full&sslrootcert=%2Fauthorities'],
	['sslmode=require&sslmode=no-verify', 'sslmode=require'],
	['sslnegotiation=direct', 'sslnegotiation=direct&sslmode=verify-full&sslrootcert=%2Fauthorities'],
])('what the driver takes %s for, its programs are told as %s', (asked, told) => {
	expect(postgresOf(`postgres://db/chat?${asked}`, fileOf).dbname).toBe(`postgres://db/chat?${told}`);
});
