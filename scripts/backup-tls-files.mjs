// What the programs of databases read of TLS: files, where the drivers have texts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';

/** Whom the drivers trust where a URL names nobody, in PEM. */
export const authoritiesOfNode = () => {
	if (tls.getCACertificates !== undefined) return tls.getCACertificates('default');
	const { NODE_EXTRA_CA_CERTS: extra } = process.env;
	return [...tls.rootCertificates, ...(extra ? [readFileSync(extra, 'utf8')] : [])];
};

/** Runs `work` with `fileOf(name, pem)`, which makes a file of a text and gives its path. They are this user's alone, and gone when it has ended. */
export const withTlsFiles = async (work) => {
	const folder = mkdtempSync(join(tmpdir(), 'tschat-tls-'));
	const fileOf = (name, pem) => {
		const file = join(folder, `${name}.pem`);
		writeFileSync(file, pem, { mode: 0o600 });
		return file;
	};
	try {
		return await work(fileOf);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};
