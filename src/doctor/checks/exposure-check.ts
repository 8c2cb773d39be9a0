import { hidePasswords } from '../../runtime/config-secrets.ts';
import { type Check, type Examination, isNeeded } from '../examination.ts';
import { type Finding, ok, warn } from '../finding.ts';

export const isLoopback = (host: string): boolean => /^(localhost|127\.|\[?::1\]?$)/.test(host);

/** A Redis that others may reach, and that asks for no password. */
const isOpenRedis = (url: string): boolean => {
	const [, authority = ''] = /^[a-z+]+:\/\/([^/?]*)/.exec(url) ?? [];
	return !authority.includes('@') && !authority.split(',').every(isLoopback);
};

/** Ports for clients that others reach without TLS: behind a proxy all of them have to be kept from outside. */
const plainPorts = ({ config, module }: Examination): Finding[] => {
	const { tls, site, api, connect_ws: ws, connect_tcp: tcp } = config;
	if (config.mode !== 'production' || tls.cert !== '') return [];
	const hosts = { site: site.host, api: api.host, 'connect-ws': ws.host, 'connect-tcp': tcp.host };
	const settings = Object.entries(hosts)
		.filter(([service, host]) => (module === undefined || module === service) && !isLoopback(host))
		.map(([service]) => `${service.replace('-', '_')}.host`);
	if (settings.length === 0) return [];
	const todo = `set ${settings.join(', ')} to 127.0.0.1 behind a proxy on this machine, or let none but the proxy in (a firewall), or set tls.cert and tls.key`;
	return [warn('plain ports', `without TLS, and reached from other machines: ${settings.join(', ')}`, todo)];
};

/** What is no fault on one's own machine, and one where others can reach it. */
export const checkExposure: Check = async (examination) => {
	const { config, module } = examination;
	const { mode, auth, api, site, connect_ws: ws, redis, store } = config;
	const findings: Finding[] = [];
	if (mode === 'development') {
		const open = ![api, site, ws].every(({ host }) => isLoopback(host));
		const demo = auth.demo_users ? ', and the demo users have a known password' : '';
		findings.push(
			open
				? warn(
						'mode',
						`development, on ports that others reach${demo}`,
						'set mode = "production" before you let others in',
					)
				: ok('mode', 'development, on ports of this machine only'),
		);
	} else findings.push(ok('mode', 'production'), ...plainPorts(examination));
	if (isNeeded(examination, 'redis') && isOpenRedis(redis.url)) {
		const found = `Redis at ${hidePasswords(redis.url)} asks for no password`;
		findings.push(warn('redis access', found, 'set one (requirepass), and keep its port from others'));
	}
	if (module !== undefined && isNeeded(examination, 'store') && store.url.startsWith('sqlite:')) {
		const found = 'SQLite: all logic processes have to run on this machine';
		findings.push(warn('store kind', found, 'for more machines set store.url to a PostgreSQL or MariaDB'));
	}
	return findings;
};
