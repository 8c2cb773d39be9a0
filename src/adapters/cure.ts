import { plainWords } from '../ports/plain-words.ts';
import { ChatError } from '../protocol/errors.ts';

/** What a process calls or connects to. */
export type Server = 'etcd' | 'Redis' | 'PostgreSQL' | 'MariaDB/MySQL' | 'SQLite' | 'module';

type Cures = readonly (readonly [RegExp, string])[];

/** Signed by nobody we trust; or by another one of the same name, as a new authority may have. */
const strange = /unable to verify|self-signed|self signed|unable to get (local )?issuer|certificate signature failure/i;
const misnamed = /does not match certificate's altnames/i;
const expired = /certificate has expired|certificate is not yet valid/i;
/** What the other end says of our certificate, or of its absence. */
const refused =
	/alert (bad certificate|certificate (required|unknown|expired)|unknown ca|unsupported certificate|decrypt error)|handshake failure/i;
/** TLS spoken to a port that does not speak it. */
const plain =
	/before secure TLS connection|wrong version number|packet length too long|NO_SSL_SUPPORT|does not support SSL/i;
/** The other way round; or it fell. */
const hungUp = /ECONNRESET|socket hang up|Failed to connect|closed the connection/i;

const signElsewhere = 'put the authority that signed rpc.tls_cert into its rpc.tls_ca, or have another one sign';
const renew = 'renew its certificate, or set the clock of this machine';
const trustForAll =
	'trust the authority that signed its certificate: NODE_EXTRA_CA_CERTS=/path/ca.pem in the environment';

/** By PostgreSQL's and MySQL's codes where there are some: what they say is in any language. */
const ofDatabases: Cures = [
	[expired, renew],
	[misnamed, 'name in store.url a host that its certificate holds'],
	[
		/\b(28P01|ER_ACCESS_DENIED_ERROR)\b|password must be a string/,
		'correct user and password in store.url, and its TLS if the server demands that',
	],
	[
		/\b(28000|42501|ER_DBACCESS_DENIED_ERROR)\b/,
		'let that user in there, or correct user, database and TLS in store.url',
	],
	[/\b(3D000|ER_BAD_DB_ERROR)\b/, 'create the database, or correct its name at the end of store.url'],
	[
		/\b(53300|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS)\b/,
		'raise max_connections of the database, or lower store.pool_size',
	],
	[/\b57P03\b/, 'wait until it has started'],
	[plain, 'turn on TLS there, or take it out of store.url'],
];

/** For each server what to do, by what went wrong; the last fits all. */
const cures: Readonly<Record<Server, Cures>> = {
	etcd: [
		[strange, 'name the authority that signed its certificate in etcd.ca'],
		[expired, renew],
		[misnamed, 'name in etcd.hosts a host that its certificate holds'],
		[refused, 'it demands a certificate that its authority signed: name one in etcd.cert and etcd.key'],
		[/etcdserver:/, 'correct etcd.user and etcd.password'],
		[plain, 'write http:// in etcd.hosts, or turn on TLS there'],
		[hungUp, 'start it, or correct etcd.hosts: https:// if it speaks TLS'],
		[/(?:)/, 'start it, or correct etcd.hosts'],
	],
	Redis: [
		[
			/^(NOAUTH|WRONGPASS)/,
			'put the right one before the host in redis.url, or name a file with that URL in TSCHAT_REDIS_URL_FILE',
		],
		[strange, trustForAll],
		[expired, renew],
		[misnamed, 'name in redis.url a host that its certificate holds'],
		[refused, 'it demands certificates of its clients, and tschat has none for it: set tls-auth-clients no'],
		[plain, 'write redis:// in redis.url, or turn on TLS there'],
		[hungUp, 'start it, or correct redis.url: rediss:// if it speaks TLS'],
		[/(?:)/, 'start it, or correct redis.url'],
	],
	PostgreSQL: [
		[
			strange,
			'name the authority that signed its certificate in store.url: ?sslmode=verify-full&sslrootcert=/path/ca.pem',
		],
		...ofDatabases,
		[/(?:)/, 'start it, or correct store.url'],
	],
	'MariaDB/MySQL': [
		[strange, `${trustForAll}, or ca in ?ssl= of store.url`],
		...ofDatabases,
		[/(?:)/, 'start it, or correct store.url'],
	],
	SQLite: [
		[/\bSQLITE_NOTADB\b/, 'that file is no SQLite database: correct store.url'],
		[/\bSQLITE_CORRUPT/, 'that file is damaged: restore a backup where nothing is, and name that in store.url'],
		[/(?:)/, 'make the folder writable, or correct store.url'],
	],
	module: [
		[
			/refuses the rpc\.secret/,
			'set the rpc.secret of the cluster here; while that is being changed, also its rpc.other_secret',
		],
		[/it is plain/, 'set rpc.tls_cert, rpc.tls_key and rpc.tls_ca of both, or of none'],
		[/over TLS only/, 'set rpc.tls_cert, rpc.tls_key and rpc.tls_ca as all modules have them'],
		[strange, 'put the authority that signed its certificate into rpc.tls_ca, or renew that certificate'],
		[expired, renew],
		[misnamed, 'set in rpc.tls_name the name that the certificates of all modules hold, or renew that certificate'],
		[/does not take rpc\.tls_cert/, signElsewhere],
		[refused, signElsewhere],
		[/(?:)/, 'look whether it runs, and whether the address (its rpc.advertise) is reached from here'],
	],
};

/** An error that stands for another one says nothing of its own. */
const causeOf = (error: unknown): unknown =>
	error instanceof ChatError && error.cause !== undefined ? causeOf(error.cause) : error;

/** Why something failed, in one line. The driver's code, where it says nothing. */
export const wordsOf = (why: unknown): string => {
	const cause = causeOf(why);
	return plainWords(cause instanceof Error ? cause.message || codeOf(cause) : String(cause));
};

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** What to do about a server that cannot be used, by why not: an error, or its words. */
export const cureOf = (server: Server, why: unknown): string => {
	const cause = causeOf(why);
	const said = `${wordsOf(cause)} ${cause instanceof Error ? codeOf(cause) : ''}`;
	return cures[server].find(([pattern]) => pattern.test(said))?.[1] ?? '';
};

/** A server that is needed cannot be used. */
export class Unusable extends ChatError {
	/** What is wrong, without what to do. */
	readonly found: string;
	readonly cure: string;

	constructor(found: string, cure: string, cause?: unknown) {
		super('unavailable', `${found}: ${cure}`, { cause });
		this.found = found;
		this.cure = cure;
	}
}
