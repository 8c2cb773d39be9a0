import type { ServiceName } from '../ports/service-registry.ts';
import { trustedProxies } from './client-address.ts';
import type { Config } from './config-schema.ts';
import { UsageError } from './failures.ts';

const shortestSecret = 16;
const wellKnown =
	/^(tschat[-_.]?(development|production|secret)|(change[-_ ]?me|password|secret|default|example|test|admin|qwerty)+[0-9]*|(0?123456789(0|abcdef)?)+)$/i;

const remedy = `set one of at least ${shortestSecret} characters, the same for all modules (TSCHAT_RPC_SECRET)`;

const weakness = (secret: string): string | undefined => {
	if (wellKnown.test(secret)) return 'well known';
	if (secret.length < shortestSecret) return 'too short';
	return new Set(secret).size < 6 ? 'too simple' : undefined;
};

const checkProxies = (setting: string): void => {
	try {
		trustedProxies(setting);
	} catch (error) {
		throw new UsageError(`proxy.trusted: ${(error as Error).message}`, { cause: error });
	}
};

/**
 * What the schema cannot say. Production mode refuses what must not be reachable by others. In development the secret
 * matters only to a process that runs one module: one that runs all of them makes no RPC.
 */
export const checkRules = (config: Config, module: ServiceName | undefined): void => {
	const ports = config.connect_tcp.ports.split(',').filter((port) => Number(port) !== 0);
	if (new Set(ports).size < ports.length) throw new UsageError('connect_tcp.ports must not name a port twice');
	checkProxies(config.proxy.trusted);
	if (config.mode === 'production' && config.auth.demo_users) {
		throw new UsageError('auth.demo_users must be false in production mode: anyone knows their password');
	}
	if (module === undefined && config.mode !== 'production') return;
	if (config.rpc.secret === '') throw new UsageError(`rpc.secret is missing: ${remedy}`);
	const fault = config.mode === 'production' ? weakness(config.rpc.secret) : undefined;
	if (fault !== undefined) throw new UsageError(`rpc.secret is ${fault}: ${remedy}`);
};
