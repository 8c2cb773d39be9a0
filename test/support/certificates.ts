import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificates } from '../../src/ports/certificates.ts';
import { readCertificates } from '../../src/runtime/certificates.ts';
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
	/**
	 * A certificate that it signed, for the names (`DNS:…`, `IP:…`), as files of this name. `days` below 0: expired; `extensions` as
	 * openssl writes them, `extendedKeyUsage=clientAuth`.
	 */
	issue(name: string, options?: { names?: readonly string[]; days?: number; extensions?: readonly string[] }): KeyPair;
}

/** A pair as servers take it, which is never renewed. */
export const certificatesOf = ({ cert, key }: KeyPair): Certificates => ({
	current: readCertificates({ cert: { setting: 'tls.cert', path: cert }, key: { setting: 'tls.key', path: key } }),
	onRenewed: () => () => {},
});

const openssl = (...args: string[]): void => {
	execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * A certificate authority of its own in a folder that goes with the test run. Made by openssl in some 20 ms; each certificate takes 30.
 * With `above`, that one has signed for it.
 */
export const createAuthority = (above?: Authority): Authority => {
	const { path: folder } = temporaryFolder('authority');
	const file = (name: string) => join(folder, name);
	const own = { cert: file('ca.pem'), key: file('ca-key.pem') };
	const { cert: ca, key: caKey } = above?.issue('below', { extensions: ['basicConstraints=critical,CA:TRUE'] }) ?? own;
	if (above === undefined)
		openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=tests', '-keyout', caKey, '-out', ca);
	return {
		ca,
		pem: readFileSync(ca),
		issue: (name, { names = ['DNS:localhost', 'IP:127.0.0.1'], days = 1, extensions = [] } = {}) => {
			const pair = { cert: file(`${name}.pem`), key: file(`${name}-key.pem`) };
			const request = file(`${name}.csr`);
			const added = [`subjectAltName=${names.join(',')}`, ...extensions].flatMap((one) => ['-addext', one]);
			openssl('req', ...newKey, '-subj', `/CN=${name}`, ...added, '-keyout', pair.key, '-out', request);
			const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-copy_extensions', 'copy'];
			openssl('x509', '-req', '-in', request, ...signing, '-days', String(days), '-out', pair.cert);
			return pair;
		},
	};
};
