import type { ServiceName } from '../ports/service-registry.ts';
import type { Config } from './config-schema.ts';

const shortestSecret = 16;
/**
 * Least cost of a password hash: 2^15 (with r = 8, p = 1), which takes 32 MiB and a third of the time of 2^17 (measured: 156
 * and 501 ms). config/production.toml has 2^17, what OWASP's cheat sheet on password storage names first.
 */
const leastScryptLogN = 15;
const wellKnown =
	/^(tschat[-_.]?(development|production|secret)|(change[-_ ]?me|password|secret|default|example|test|demo|guest|admin|root|qwerty|tschat|postgres|mysql|mariadb|redis|etcd)+[0-9]*|(0?123456789(0|abcdef)?)+)$/i;

const remedy = `set one of at least ${shortestSecret} characters, the same for all modules (TSCHAT_RPC_SECRET)`;
export const secretMissing = `rpc.secret is missing: ${remedy}`;

const weakness = (secret: string): string | undefined => {
	if (wellKnown.test(secret)) return 'well known';
	if (secret.length < shortestSecret) return 'too short';
	return new Set(secret).size < 6 ? 'too simple' : undefined;
};

const secretFault = ({ rpc }: Config): string | undefined => {
	if (rpc.secret === '') return secretMissing;
	const fault = weakness(rpc.secret);
	if (fault !== undefined) return `rpc.secret is ${fault}: ${remedy}`;
	const other = rpc.other_secret === '' ? undefined : weakness(rpc.other_secret);
	return other === undefined ? undefined : `rpc.other_secret is ${other}: whoever knows it may call; ${remedy}`;
};

/** The user and the passwords in a URL, as written there. One of a Redis Cluster names several hosts, which no other URL may. */
const credentialsIn = (given: string): { user: string; passwords: string[] } => {
	const url = given.replace(/,[^@]*$/, '');
	if (!URL.canParse(url)) return { user: '', passwords: [] };
	const { username, password, searchParams } = new URL(url);
	return { user: username, passwords: [password, searchParams.get('password') ?? ''] };
};

const passwordFault = ({ store, redis, etcd }: Config): string | undefined => {
	const given = [
		{ setting: 'store.url', ...credentialsIn(store.url) },
		{ setting: 'redis.url', ...credentialsIn(redis.url) },
		{ setting: 'etcd.password', user: etcd.user, passwords: [etcd.password] },
	];
	const isKnown = (user: string) => (password: string) =>
		password !== '' && (wellKnown.test(password) || password === user || new Set(password).size < 4);
	const weak = given.find(({ user, passwords }) => passwords.some(isKnown(user)));
	return weak === undefined
		? undefined
		: `${weak.setting} holds a password that is well known or too simple: choose another`;
};

const isLoopback = (host: string): boolean => /^(localhost|127(\.[0-9]{1,3}){3}|::1)$/i.test(host);

const networkFault = ({ rpc }: Config): string | undefined =>
	isLoopback(rpc.host) || rpc.tls_cert !== '' || rpc.trusted_network
		? undefined
		: `rpc.host ${rpc.host} is reached from other machines: set rpc.tls_cert, rpc.tls_key and rpc.tls_ca, or rpc.trusted_network = true if nobody else is on that network`;

const demoFault = ({ auth }: Config): string | undefined =>
	auth.demo_users ? 'auth.demo_users must be false in production mode: anyone knows their password' : undefined;

const hashFault = ({ auth }: Config): string | undefined =>
	auth.scrypt_log_n < leastScryptLogN
		? `auth.scrypt_log_n must be ${leastScryptLogN} or more in production mode: with less, stolen hashes are guessed too fast`
		: undefined;

const anyOriginFault = ({ connect_ws }: Config): string | undefined =>
	connect_ws.allowed_origins.split(',').some((origin) => origin.trim() === '*')
		? 'connect_ws.allowed_origins must name the origins of your pages in production mode, as in https://chat.example.org, or "none"'
		: undefined;

/**
 * What production mode refuses, in a line each. `module` is the one that will run: what only others use is not looked at. A process
 * that runs all of them makes no calls over a network.
 */
export const productionFaults = (config: Config, module: ServiceName | undefined): string[] => {
	const runs = (name: ServiceName) => module === undefined || module === name;
	const faults = [
		demoFault(config),
		secretFault(config),
		passwordFault(config),
		module === undefined ? undefined : networkFault(config),
		runs('logic') ? hashFault(config) : undefined,
		runs('connect-ws') ? anyOriginFault(config) : undefined,
	];
	return faults.filter((fault) => fault !== undefined);
};
