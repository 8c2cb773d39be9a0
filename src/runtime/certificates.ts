import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Certificates, Pem } from '../ports/certificates.ts';
import { type Demands, misfit } from './certificate-fit.ts';
import { failureReason } from './failure-reason.ts';
import { StartError } from './failures.ts';
import type { Logger } from './logger.ts';

/** A PEM file, and the setting that names it. */
interface PemFile {
	readonly setting: string;
	readonly path: string;
}

export interface PemFiles {
	readonly cert: PemFile;
	readonly key: PemFile;
	/** Who signs for both sides of a connection, with what they demand of each other: the certificate has to be one that they would take. */
	readonly ca?: PemFile & Demands;
}

/**
 * How often the files are read, which takes a millisecond. Not their times or the events of a folder: what changes between two
 * looks at those, or behind swapped links, is missed; and a certificate may not be valid yet when it comes.
 */
const lookMs = 2000;

/** Reads a file and what is in it; a `StartError` that names the setting if either fails. */
const readPem = <T>(
	{ setting, path }: PemFile,
	what: string,
	parse: (pem: Buffer) => T,
): { pem: Buffer; parsed: T } => {
	let pem: Buffer;
	try {
		pem = readFileSync(path);
	} catch (error) {
		throw new StartError(`${setting}: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`);
	}
	try {
		return { pem, parsed: parse(pem) };
	} catch {
		throw new StartError(`${setting}: ${path} holds no ${what}`);
	}
};

const checkDates = ({ setting, path }: PemFile, { validFrom, validTo }: X509Certificate): void => {
	const now = Date.now();
	if (Date.parse(validTo) <= now) throw new StartError(`${setting}: the certificate in ${path} expired on ${validTo}`);
	if (Date.parse(validFrom) > now) throw new StartError(`${setting}: ${path} is not valid before ${validFrom}`);
};

/** Certificates that sign others. Throws `StartError`, in one line that names the setting. */
export const readAuthority = (file: PemFile): Buffer => {
	const { pem, parsed } = readPem(file, 'certificate in PEM', (text) => new X509Certificate(text));
	checkDates(file, parsed);
	return pem;
};

/** What the files hold now. Throws `StartError`, in one line that names the setting. */
export const readCertificates = (files: PemFiles): Pem => {
	const cert = readPem(files.cert, 'certificate in PEM', (pem) => new X509Certificate(pem));
	const key = readPem(files.key, 'private key in PEM without a passphrase', (pem) => createPrivateKey(pem));
	checkDates(files.cert, cert.parsed);
	if (!cert.parsed.checkPrivateKey(key.parsed))
		throw new StartError(`${files.key.setting}: ${files.key.path} is not the key of ${files.cert.path}`);
	const pem: Pem = { cert: cert.pem, key: key.pem };
	const all = files.ca === undefined ? pem : { ...pem, ca: readAuthority(files.ca) };
	const fault = files.ca && all.ca && misfit(cert.pem, all.ca, files.ca);
	if (fault !== undefined) throw new StartError(`${files.cert.setting}: ${files.cert.path} ${fault}`);
	try {
		createSecureContext({ ...all });
	} catch (error) {
		throw new StartError(`${files.cert.setting}: ${files.cert.path} cannot be used: ${failureReason(error)}`);
	}
	return all;
};

const isSame = (one: Pem, other: Pem): boolean =>
	one.cert.equals(other.cert) && one.key.equals(other.key) && (one.ca ?? one.cert).equals(other.ca ?? other.cert);

/**
 * Reads them, and again whenever a file changes or the process gets SIGHUP; files that are no good then leave what was read before.
 * Throws `StartError` if they are no good now. `close` ends the looking.
 */
export const openCertificates = (files: PemFiles, logger: Logger): Certificates & { close(): Promise<void> } => {
	let current = readCertificates(files);
	const callbacks = new Set<() => void>();
	let fault = '';
	const renew = () => {
		try {
			const next = readCertificates(files);
			fault = '';
			if (isSame(next, current)) return;
			current = next;
		} catch (error) {
			const reason = failureReason(error);
			if (reason !== fault) logger.error({ reason }, 'certificate not renewed, the one before stays in use');
			fault = reason;
			return;
		}
		for (const callback of callbacks) callback();
		logger.info({ file: files.cert.path, validTo: new X509Certificate(current.cert).validTo }, 'certificate renewed');
	};
	const timer = setInterval(renew, lookMs).unref();
	process.on('SIGHUP', renew);
	return {
		get current() {
			return current;
		},
		onRenewed: (callback) => {
			callbacks.add(callback);
			return () => void callbacks.delete(callback);
		},
		close: async () => {
			clearInterval(timer);
			process.off('SIGHUP', renew);
		},
	};
};
