import { networkInterfaces } from 'node:os';
import type { Config } from './config-schema.ts';

/** Addresses to listen on that mean "any", and are none to call. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::' || host === '';

const machineAddress = (): string | undefined =>
	Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.find((address) => address.family === 'IPv4' && !address.internal)?.address;

/** The host by which others reach this process; never a wildcard. */
export const advertiseHost = (config: Config['rpc']): string => {
	if (!isWildcard(config.advertise)) return config.advertise;
	if (!isWildcard(config.host)) return config.host;
	return machineAddress() ?? '127.0.0.1';
};

/**
 * The host of URLs that clients are told of a server of this process that listens on `listening`. Where all modules are one process
 * the api is on the same machine: it tells its clients the host by which they found it, in place of a loopback address.
 */
export const clientHost = (listening: string, rpc: Config['rpc'], alone: boolean): string => {
	const sameMachine = alone && isWildcard(rpc.advertise);
	const host = isWildcard(listening) ? (sameMachine ? '127.0.0.1' : advertiseHost(rpc)) : listening;
	return host.includes(':') ? `[${host}]` : host;
};
