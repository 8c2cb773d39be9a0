import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './processes.ts';

/** Paths of PEM files. */
export interface KeyPair {
	readonly cert: string;
	readonly key: string;
}

export interface Authority {
	/** Path of its own certificate. */
	readonly ca: string;
	/** The same, read. */
	readonly pem: Buffer;
	/** A certificate that it signed, for the names (`DNS:…`, `IP:…`), as files of this name. `days` below 0: expired. */
	issue(name: string, options?: { names?: readonly string[]; days?: number }): KeyPair;
}

const openssl = (...args: string[]): void => {
	execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority of its own in a folder that goes with the test run. Made by openssl in some 20 ms; each certificate takes 30. */
export const createAuthority = (): Authority => {
	const { path: folder } = temporaryFolder('authority');
	const file = (name: string) => join(folder, name);
	const [ca, caKey] = [file('ca.pem'), file('ca-key.pem')];
	openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=tests', '-keyout', caKey, '-out', ca);
	return {
		ca,
		pem: readFileSync(ca),
		issue: (name, { names = ['DNS:localhost', 'IP:127.0.0.1'], days = 1 } = {}) => {
			const pair = { cert: file(`${name}.pem`), key: file(`${name}-key.pem`) };
			const request = file(`${name}.csr`);
			const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names.join(',')}`];
			openssl('req', ...newKey, ...subject, '-keyout', pair.key, '-out', request);
			const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-copy_extensions', 'copy'];
			openssl('x509', '-req', '-in', request, ...signing, '-days', String(days), '-out', pair.cert);
			return pair;
		},
	};
};
