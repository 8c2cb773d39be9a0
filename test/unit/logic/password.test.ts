import { describe, expect, test } from 'vitest';
import { createPasswords } from '../../../src/logic/password.ts';

const passwords = createPasswords(10);

describe('passwords', () => {
	test('the right password is recognised, any other is not', async () => {
		const phc = await passwords.hash('correct horse');
		expect(await passwords.verify('correct horse', phc)).toBe(true);
		expect(await passwords.verify('correct horsf', phc)).toBe(false);
		expect(await passwords.verify('', phc)).toBe(false);
	});

	test('a hash is a PHC string that names its parameters, and never the password', async () => {
		const phc = await passwords.hash('hunter22');
		expect(phc).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
		expect(phc).not.toContain('hunter22');
	});

	test('two hashes of one password differ', async () => {
		expect(await passwords.hash('same one')).not.toBe(await passwords.hash('same one'));
	});

	test('hashes stay valid when the cost is raised, and new ones carry the new cost', async () => {
		const old = await passwords.hash('long lived');
		const stronger = createPasswords(11);
		expect(await stronger.verify('long lived', old)).toBe(true);
		expect(await stronger.hash('long lived')).toContain('$ln=11,');
	});

	test('a hash is outdated when any parameter is another than that of new hashes', async () => {
		const phc = await passwords.hash('long lived');
		expect(passwords.outdated(phc)).toBe(false);
		for (const other of ['ln=11,r=8,p=1', 'ln=9,r=8,p=1', 'ln=10,r=4,p=1', 'ln=10,r=8,p=2']) {
			expect(passwords.outdated(phc.replace('ln=10,r=8,p=1', other)), other).toBe(true);
		}
		expect(passwords.outdated(phc.replace(/[^$]*$/, 'A'.repeat(22)))).toBe(true);
		expect(passwords.outdated('not a PHC string')).toBe(true);
	});

	const parts = `${'A'.repeat(22)}$${'A'.repeat(43)}`;
	test.each([
		['gigabytes of memory', `$scrypt$ln=30,r=8,p=1$${parts}`],
		['a great block', `$scrypt$ln=20,r=99,p=1$${parts}`],
		['minutes of work', `$scrypt$ln=20,r=8,p=99$${parts}`],
		['no work at all', `$scrypt$ln=0,r=8,p=1$${parts}`],
		['no block', `$scrypt$ln=10,r=0,p=1$${parts}`],
		['a hash that is met by chance', `$scrypt$ln=10,r=8,p=1$${'A'.repeat(22)}$AA`],
		['a hash of megabytes', `$scrypt$ln=10,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(4000)}`],
	])('parameters from the store that ask for %s are no password', async (_what, phc) => {
		const start = performance.now();
		expect(await passwords.verify('x', phc)).toBe(false);
		expect(performance.now() - start).toBeLessThan(1000);
	});

	test('the vector of RFC 7914 with N = 1024, r = 8, p = 16 is recognised', async () => {
		const salt = Buffer.from('NaCl').toString('base64').replaceAll('=', '');
		const key = Buffer.from(
			'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
			'hex',
		);
		const phc = `$scrypt$ln=10,r=8,p=16$${salt}$${key.toString('base64').replaceAll('=', '')}`;
		expect(await passwords.verify('password', phc)).toBe(true);
	});

	test('a password is the same in another normal form', async () => {
		const phc = await passwords.hash('caf\u00e9 au lait');
		expect(await passwords.verify('cafe\u0301 au lait', phc)).toBe(true);
	});

	test('nobody has no password', async () => {
		expect(await passwords.verify('', undefined)).toBe(false);
		expect(await passwords.verify('111111', undefined)).toBe(false);
		expect(await passwords.verify('111111', 'not a PHC string')).toBe(false);
	});

	test('a flood is refused instead of queued without end', async () => {
		const flood = await Promise.allSettled(Array.from({ length: 400 }, () => passwords.verify('x', undefined)));
		const refused = flood.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason.key);
		expect(refused).toHaveLength(144);
		expect(new Set(refused)).toEqual(new Set(['overloaded']));
		expect(await passwords.verify('x', undefined)).toBe(false);
	});
});
