import { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';

/** What whoever is at the other end looks at, beside who signed. */
export interface Demands {
	/** The name that callers demand, and whence it comes, for sentences; absent: nobody calls here. */
	readonly server?: { readonly name: string; readonly because: string } | undefined;
}

const blocks = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** All that a file holds: a certificate with those between it and the authority, or several authorities. */
const certificatesIn = (pem: Buffer): X509Certificate[] =>
	(pem.toString('latin1').match(blocks) ?? []).map((block) => new X509Certificate(block));

const signed = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
	certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const isValidNow = ({ validFrom, validTo }: X509Certificate): boolean =>
	Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo);

/** Whether a chain goes from the certificate to an authority that signs for itself, as OpenSSL demands by default. */
const isTrusted = (
	certificate: X509Certificate,
	between: readonly X509Certificate[],
	trusted: readonly X509Certificate[],
): boolean => {
	if (trusted.some((authority) => signed(authority, authority) && signed(authority, certificate))) return true;
	return between.some(
		(one) =>
			one.ca &&
			signed(one, certificate) &&
			isTrusted(
				one,
				between.filter((other) => other !== one),
				trusted,
			),
	);
};

/** By their object identifiers, as RFC 5280 (4.2.1.12) has them. */
const usages = [
	['clientAuth', '1.3.6.1.5.5.7.3.2'],
	['serverAuth', '1.3.6.1.5.5.7.3.1'],
] as const;

/**
 * Why the other end, which trusts the same authorities, would not take the certificate, to be said after its path; undefined: it would.
 * `pem` holds the certificate first, then those between it and one of the authorities. Who has expired signs for nobody.
 */
export const misfit = (pem: Buffer, ca: Buffer, { server, path }: Demands & { readonly path: string }) => {
	const [certificate, ...between] = certificatesIn(pem);
	if (certificate === undefined) return 'holds no certificate in PEM';
	const authorities = certificatesIn(ca).filter(isValidNow);
	// Those of the authorities that do not sign for themselves are between, too.
	if (!isTrusted(certificate, [...between, ...authorities].filter(isValidNow), authorities))
		return `leads to no authority in ${path}: have it signed by one of them, with the certificates between, or add its own there`;
	if (server !== undefined && checkServerIdentity(server.name, certificate.toLegacyObject()) !== undefined)
		return `does not hold the name ${server.name} ${server.because}, but ${certificate.subjectAltName ?? 'none'}`;
	// Without this extension it is good for everything. A called module calls others, too.
	const allowed: readonly string[] | undefined = certificate.keyUsage;
	const missing = usages.find(
		([name, id]) => (name === 'clientAuth' || server !== undefined) && allowed?.includes(id) === false,
	);
	return (
		missing && `is not for ${missing[0]}: its extended key usage has to name clientAuth and serverAuth, or be left out`
	);
};
