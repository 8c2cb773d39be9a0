// The TLS of a store's URL, as the programs of MariaDB and MySQL are told of it.
import { spawnSync } from 'node:child_process';
import { BackupFailure } from './backup-failure.mjs';
import { authoritiesOfNode, withTlsFiles } from './backup-tls-files.mjs';

/** What `?ssl=` says, read as the driver (mysql2) reads it; undefined: nothing. */
const sslOf = (store) => {
	const text = new URL(store).searchParams.get('ssl');
	if (text === null || text === 'false') return undefined;
	let ssl;
	try {
		ssl = JSON.parse(text);
	} catch {
		// Told below.
	}
	if (typeof ssl === 'object' && ssl !== null && !Array.isArray(ssl)) return ssl;
	throw new BackupFailure('what follows ssl= in the store must be an object in JSON, URL-encoded', 2);
};

/** How strictly MariaDB's programs check. They know no middle: to check the authority alone, they would speak without TLS as well. */
const mariadbCheck = { none: '--skip-ssl-verify-server-cert', ca: '--ssl-verify-server-cert' };
mariadbCheck.identity = mariadbCheck.ca;
const mysqlMode = { none: 'REQUIRED', ca: 'VERIFY_CA', identity: 'VERIFY_IDENTITY' };

/** The options for what stands in `ssl`; `fileOf(name, pem)` makes a file of a text and gives its path. */
export const tlsOptions = (ssl, { isMariadb, fileOf }) => {
	const { ca, cert, key, rejectUnauthorized = true, verifyIdentity = false, ...others } = ssl;
	const [unknown] = Object.keys(others);
	if (unknown !== undefined) {
		const known = 'ca, cert, key, rejectUnauthorized and verifyIdentity';
		throw new BackupFailure(`the programs of the database cannot be told of ssl.${unknown}, only of ${known}`, 2);
	}
	const asked = verifyIdentity ? 'identity' : 'ca';
	const check = rejectUnauthorized === false ? 'none' : asked;
	// Where nothing is to be checked, the name of an authority would make them check.
	const files = { ca: check === 'none' ? undefined : (ca ?? authoritiesOfNode()), cert, key };
	return [
		...(isMariadb ? ['--ssl', mariadbCheck[check]] : [`--ssl-mode=${mysqlMode[check]}`]),
		...Object.entries(files).flatMap(([name, pem]) =>
			pem === undefined ? [] : [`--ssl-${name}=${fileOf(name, [pem].flat().join('\n'))}`],
		),
	];
};

/** Runs `work` with the options for a program. The texts of certificates are in files of this user alone until it has ended. */
export const withTlsOptions = async (store, program, work) => {
	const ssl = sslOf(store);
	// Either may bear the name of the other's.
	const isMariadb = /MariaDB/.test(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout);
	// Those of MariaDB 11.4 and later ask for TLS by themselves.
	if (ssl === undefined) return work(isMariadb ? ['--skip-ssl'] : []);
	return withTlsFiles((fileOf) => work(tlsOptions(ssl, { isMariadb, fileOf })));
};
