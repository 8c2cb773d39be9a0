import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { parse } from 'smol-toml';
import { createEmbeddedRegistry } from '../../../src/adapters/embedded/registry.ts';
import type { ServiceRegistry } from '../../../src/ports/service-registry.ts';
import { compile } from '../../../src/protocol/validate.ts';
import { Config } from '../../../src/runtime/config-schema.ts';
import { createMetrics, type Metrics } from '../../../src/runtime/metrics/metrics.ts';
import type { ModuleContext } from '../../../src/runtime/module.ts';

const asConfig = compile(Config);

interface Options {
	/** What both listen on. */
	readonly host?: string;
	/** Port of the API; the site's is always free. */
	readonly port?: number;
	readonly public_url?: string;
	readonly advertiseHost?: string;
	/** Settings of [site]. */
	readonly site?: Partial<Config['site']>;
	/** By default one that knows nobody. */
	readonly registry?: ServiceRegistry;
	readonly stopTimeoutMs?: number;
	readonly alone?: boolean;
	readonly trustedProxies?: string;
	readonly limits?: Partial<Config['limits']>;
	readonly metrics?: Metrics;
	/** Logic's answer to any call. */
	readonly call?: () => Promise<unknown>;
}

/** What api and site are built from: the default settings on a free port, and logic as the test plays it. */
export const moduleContext = async (options: Options): Promise<ModuleContext> => {
	const {
		host = '127.0.0.1',
		port = 0,
		public_url = '',
		advertiseHost = 'chat.example',
		stopTimeoutMs = 5000,
		call,
	} = options;
	const { registry = createEmbeddedRegistry() } = options;
	const config = asConfig(parse(await readFile('config/default.toml', 'utf8')));
	const unused = () => Promise.reject(new Error('not used by this module'));
	return {
		config: {
			...config,
			server: { ...config.server, stop_timeout_ms: stopTimeoutMs },
			proxy: { trusted: options.trustedProxies ?? config.proxy.trusted },
			limits: { ...config.limits, ...options.limits },
			api: { ...config.api, host, port, public_url },
			site: { ...config.site, host, port: 0, ...options.site },
		},
		logger: pino({ level: 'silent' }),
		metrics: options.metrics ?? createMetrics().of('test'),
		ports: {
			store: unused,
			queue: unused,
			routes: unused,
			registry: async () => registry,
			rpc: async () => ({
				call: async () => (await (call ?? unused)()) as never,
				serve: unused,
				close: async () => {},
			}),
		},
		serverId: 'test',
		clientHost: () => advertiseHost,
		alone: options.alone ?? true,
	};
};
