// A PostgreSQL's address, as its own programs are told of it.
import { authoritiesOfNode, withTlsFiles } from './backup-tls-files.mjs';

const asksForTls = (params) =>
	['1', 'true'].includes(params.get('ssl')) ||
	// Whatever the mode, one that the driver does not know too.
	['sslcert', 'sslkey', 'sslrootcert', 'sslmode'].some((name) => params.get(name)) ||
	params.get('sslnegotiation') === 'direct';

/** The driver (pg) checks whom it speaks to unless it is told not to; the programs take most of the same words for less. */
const translate = (params, fileOf) => {
	// Without a mode the driver checks all the same.
	const compatible = params.get('uselibpqcompat') === 'true' && params.get('sslmode');
	const unchecked = params.get('sslmode') === 'no-verify' || params.get('ssl') === 'no-verify';
	const checked = params.get('sslmode') !== 'disable' && asksForTls(params);
	for (const unknown of ['ssl', 'uselibpqcompat']) params.delete(unknown);
	if (compatible) return;
	if (unchecked) {
		// With an authority they would check it.
		params.delete('sslrootcert');
		params.set('sslmode', 'require');
	} else if (checked) {
		params.set('sslmode', 'verify-full');
		if (!params.has('sslrootcert')) params.set('sslrootcert', fileOf('authorities', authoritiesOfNode().join('\n')));
	}
};

/** Their URL and environment. The password goes by the environment: arguments can be read by everybody on the machine. */
export const postgresOf = (store, fileOf) => {
	const url = new URL(store);
	// The drivers take either, and this one first.
	const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
	url.password = '';
	url.searchParams.delete('password');
	translate(url.searchParams, fileOf);
	// PostgreSQL's programs take a plus for what it is.
	url.search = url.search.replaceAll('+', '%20');
	return { dbname: url.href, env: password === '' ? {} : { PGPASSWORD: password } };
};

/** Runs `work` with these; the files that they name are there until it has ended. */
export const withPostgres = (store, work) => withTlsFiles((fileOf) => work(postgresOf(store, fileOf)));
