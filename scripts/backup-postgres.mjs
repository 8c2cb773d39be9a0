// A PostgreSQL's address, as its own programs are told of it.
import { authoritiesOfNode, withTlsFiles } from './backup-tls-files.mjs';

const asksForTls = (params) =>
	['1', 'true'].includes(params.get('ssl')) ||
	// Whatever the mode, one that the driver does not know too.
	['sslcert', 'sslkey', 'sslrootcert', 'sslmode'].some((name) => params.get(name)) ||
	params.get('sslnegotiation') === 'direct';

/** What the driver takes of the environment where the URL says nothing of TLS. */
const modeOfEnvironment = () => {
	const mode = process.env.PGSSLMODE;
	return ['prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'].includes(mode) ? mode : 'disable';
};

/** The driver (pg) checks whom it speaks to unless it is told not to; the programs take most of the same words for less. */
const translate = (params, fileOf) => {
	// Of a word that is there twice the driver takes the last.
	for (const name of new Set(params.keys())) params.set(name, params.getAll(name).at(-1));
	const silent = !params.has('ssl') && !params.get('sslmode') && !asksForTls(params);
	if (silent) params.set('sslmode', modeOfEnvironment());
	const mode = params.get('sslmode');
	// Without a mode the driver checks all the same.
	const compatible = params.get('uselibpqcompat') === 'true' && mode;
	const unchecked = mode ? mode === 'no-verify' : params.get('ssl') === 'no-verify';
	const checked = mode !== 'disable' && asksForTls(params);
	for (const unknown of ['ssl', 'uselibpqcompat']) params.delete(unknown);
	if (compatible && !silent) return;
	if (unchecked) {
		// With an authority they would check it.
		params.delete('sslrootcert');
		params.set('sslmode', 'require');
	} else if (checked) {
		params.set('sslmode', 'verify-full');
		if (!params.has('sslrootcert')) params.set('sslrootcert', fileOf('authorities', authoritiesOfNode().join('\n')));
	} else {
		// Without a word they would take TLS where there is some, or what the environment says.
		params.set('sslmode', 'disable');
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
