import type { ServiceName } from '../ports/service-registry.ts';
import { trustedProxies } from './client-address.ts';
import type { Config } from './config-schema.ts';
import { UsageError } from './failures.ts';
import { productionFaults, secretMissing } from './production-rules.ts';

/** Which module a process will run; undefined: all of them. `none`: it is a command that opens the store or discovery, and serves nobody. */
export type Runs = ServiceName | 'none' | undefined;

/** Settings that mean something only together, by section. */
const together: { readonly [S in keyof Config]?: readonly (readonly (keyof Config[S] & string)[])[] } = {
	tls: [['cert', 'key']],
	rpc: [['tls_cert', 'tls_key', 'tls_ca']],
	etcd: [
		['cert', 'key'],
		['user', 'password'],
	],
};

const halfSet = (config: Config): string | undefined => {
	for (const [section, groups] of Object.entries(together)) {
		const values = new Map(Object.entries(config[section as keyof Config]));
		for (const keys of groups) {
			const unset = keys.filter((key) => values.get(key) === '').map((key) => `${section}.${key}`);
			const names = keys.map((key) => `${section}.${key}`).join(', ');
			if (unset.length > 0 && unset.length < keys.length)
				return `${unset.join(' and ')} missing: set all of ${names}, or none`;
		}
	}
	return undefined;
};

const etcdFault = ({ etcd }: Config): string | undefined => {
	if (etcd.cert !== '' && etcd.ca === '') return 'etcd.ca is missing: without it etcd.cert is shown to nobody';
	const plain = etcd.hosts.split(',').find((host) => !host.trim().startsWith('https:'));
	return etcd.ca === '' || plain === undefined ? undefined : `etcd.hosts must be https:// URLs where etcd.ca is set`;
};

/** An origin that is written as no browser sends it would let nobody in, without a word. */
const originFault = ({ connect_ws }: Config): string | undefined => {
	for (const origin of connect_ws.allowed_origins.split(',').map((text) => text.trim())) {
		if (origin === '*' || origin === 'none') continue;
		if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(origin))
			return `connect_ws.allowed_origins: "${origin}" is no origin, as in https://chat.example.org; "none" for no page, "*" for any`;
		if (!/^https?:/i.test(origin)) continue;
		const sent = URL.canParse(origin) ? new URL(origin).origin : undefined;
		if (sent !== origin.toLowerCase())
			return `connect_ws.allowed_origins: "${origin}" is no origin${sent === undefined ? '' : `; browsers send "${sent}"`}`;
	}
	return undefined;
};

const portsFault = ({ connect_tcp }: Config): string | undefined => {
	const ports = connect_tcp.ports.split(',').filter((port) => Number(port) !== 0);
	return new Set(ports).size < ports.length ? 'connect_tcp.ports must not name a port twice' : undefined;
};

const proxyFault = ({ proxy }: Config): string | undefined => {
	try {
		trustedProxies(proxy.trusted);
		return undefined;
	} catch (error) {
		return `proxy.trusted: ${(error as Error).message}`;
	}
};

/** A proxy sends its header before the handshake, where it is not looked for. */
const headerFault = ({ connect_tcp, tls }: Config): string | undefined =>
	connect_tcp.proxy_protocol && tls.cert !== ''
		? 'connect_tcp.proxy_protocol cannot be used with tls.cert: the proxy ends TLS itself'
		: undefined;

/**
 * What the schema cannot say. Production mode refuses what must not be reachable by others: a command makes nothing reachable.
 * In development the secret matters only to a process that runs one module: one that runs all of them makes no RPC.
 */
export const checkRules = (config: Config, module: Runs): void => {
	const fault =
		portsFault(config) ??
		halfSet(config) ??
		etcdFault(config) ??
		originFault(config) ??
		proxyFault(config) ??
		headerFault(config);
	if (fault !== undefined) throw new UsageError(fault);
	if (module === 'none') return;
	const refused = config.mode === 'production' ? productionFaults(config, module) : [];
	if (refused.length > 1) throw new UsageError(`production mode refuses this:\n  ${refused.join('\n  ')}`, refused);
	if (refused[0] !== undefined) throw new UsageError(refused[0]);
	if (module !== undefined && config.rpc.secret === '') throw new UsageError(secretMissing);
};
