import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openCertificates, readCertificates } from '../../../src/runtime/certificates.ts';
import { createAuthority, type KeyPair } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/processes.ts';

const folder = temporaryFolder('certificate-fit');
afterAll(folder.remove);
const [authority, next] = [createAuthority(), createAuthority()];
const below = createAuthority(authority);

/** A file of all these together. */
const bundle = (name: string, ...paths: readonly string[]): string => {
	const path = join(folder.path, name);
	writeFileSync(path, Buffer.concat(paths.map((each) => readFileSync(each))));
	return path;
};
const filesOf = ({ cert, key }: KeyPair, ca: string, name = '') => ({
	cert: { setting: 'rpc.tls_cert', path: cert },
	key: { setting: 'rpc.tls_key', path: key },
	ca: { setting: 'rpc.tls_ca', path: ca, server: name === '' ? undefined : { name, because: 'of this test' } },
});
const outcome = (pair: KeyPair, ca: string, name?: string): string => {
	try {
		readCertificates(filesOf(pair, ca, name));
		return 'taken';
	} catch (error) {
		return String(error);
	}
};

test('one that an authority of the bundle signed is taken, whichever of them it is', () => {
	const both = bundle('both.pem', authority.ca, next.ca);
	expect(outcome(authority.issue('old'), both)).toBe('taken');
	expect(outcome(next.issue('new'), both)).toBe('taken');
	const alone = next.issue('alone');
	expect(outcome(alone, authority.ca)).toBe(
		`StartError: rpc.tls_cert: ${alone.cert} leads to no authority in ${authority.ca}: have it signed by one of them, with the certificates between, or add its own there`,
	);
});

test('those between it and the authority are taken from its own file, or from the bundle, and do not stand for the authority', () => {
	const pair = below.issue('leaf');
	const whole = { ...pair, cert: bundle('whole.pem', pair.cert, below.ca) };
	expect(outcome(whole, authority.ca)).toBe('taken');
	expect(outcome(pair, bundle('path.pem', authority.ca, below.ca))).toBe('taken');
	expect(outcome(pair, authority.ca)).toContain('leads to no authority');
	expect(outcome(whole, below.ca)).toContain('leads to no authority');
	expect(outcome(whole, next.ca)).toContain('leads to no authority');
	// What is no authority signs for nobody.
	const user = authority.issue('user', { extensions: ['basicConstraints=critical,CA:FALSE'] });
	const forged = createAuthority({ ...authority, issue: () => user }).issue('forged');
	expect(outcome({ ...forged, cert: bundle('forged.pem', forged.cert, user.cert) }, authority.ca)).toContain(
		'leads to no authority',
	);
});

test('the name that callers demand has to be in it', () => {
	const pair = authority.issue('named', { names: ['DNS:tschat.internal', 'DNS:*.modules.example', 'IP:192.0.2.1'] });
	for (const name of ['tschat.internal', 'logic.modules.example', '192.0.2.1', '']) {
		expect(outcome(pair, authority.ca, name)).toBe('taken');
	}
	for (const name of ['elsewhere.example', '192.0.2.2']) {
		expect(outcome(pair, authority.ca, name)).toContain(`does not hold the name ${name} of this test, but DNS:tschat`);
	}
});

test('it has to be for both sides of a call, or for calling alone where nobody calls', () => {
	const issue = (usage: string) => authority.issue(usage, { extensions: [`extendedKeyUsage=${usage}`] });
	expect(outcome(issue('serverAuth,clientAuth'), authority.ca, 'localhost')).toBe('taken');
	expect(outcome(issue('serverAuth'), authority.ca, 'localhost')).toContain('is not for clientAuth');
	const client = issue('clientAuth');
	expect(outcome(client, authority.ca, 'localhost')).toContain('is not for serverAuth');
	expect(outcome(client, authority.ca)).toBe('taken');
});

test('the three steps to another authority are renewals; what does not fit leaves the one before in use', () => {
	const file = (name: string): string => join(folder.path, name);
	const install = (pair: KeyPair) => {
		copyFileSync(pair.cert, file('cert.pem'));
		copyFileSync(pair.key, file('key.pem'));
	};
	const [first, second] = [authority.issue('first'), next.issue('second')];
	const reasons: string[] = [];
	const logger = pino({ level: 'error' }, { write: (line: string) => void reasons.push(JSON.parse(line).reason) });
	install(first);
	copyFileSync(authority.ca, file('ca.pem'));
	const files = filesOf({ cert: file('cert.pem'), key: file('key.pem') }, file('ca.pem'), 'localhost');
	const certificates = openCertificates(files, logger);
	onTestFinished(certificates.close);
	const shown = () => {
		process.emit('SIGHUP', 'SIGHUP');
		return certificates.current.cert.toString();
	};
	// Without the first step.
	install(second);
	expect(shown()).toBe(readFileSync(first.cert, 'utf8'));
	install(authority.issue('elsewhere', { names: ['DNS:elsewhere.example'] }));
	expect(shown()).toBe(readFileSync(first.cert, 'utf8'));
	expect(reasons).toEqual([
		expect.stringContaining('leads to no authority'),
		expect.stringContaining('does not hold the name localhost'),
	]);
	install(first);
	bundle('ca.pem', authority.ca, next.ca);
	expect(shown()).toBe(readFileSync(first.cert, 'utf8'));
	install(second);
	expect(shown()).toBe(readFileSync(second.cert, 'utf8'));
	copyFileSync(next.ca, file('ca.pem'));
	expect(shown()).toBe(readFileSync(second.cert, 'utf8'));
	expect(certificates.current.ca).toEqual(next.pem);
	expect(reasons).toHaveLength(2);
});
