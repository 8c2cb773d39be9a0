import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import { clientHost, isWildcard } from '../../runtime/advertise-host.ts';
import type { Config } from '../../runtime/config-schema.ts';
import type { Check } from '../examination.ts';
import { type Finding, fail, warn } from '../finding.ts';
import { isLoopback } from './exposure-check.ts';

const gateways = [
	['connect-ws', 'connect_ws'],
	['connect-tcp', 'connect_tcp'],
] as const;

/** Whether a client that demands this host takes the certificate. One that cannot be read is the finding of another check. */
const holds = (path: string, host: string): boolean => {
	try {
		const certificate = new X509Certificate(readFileSync(path)).toLegacyObject();
		return checkServerIdentity(host.replace(/^\[|\]$/g, ''), certificate) === undefined;
	} catch {
		return true;
	}
};

const finding = ({ mode, tls }: Config, setting: string, listening: string, host: string): Finding[] => {
	const todo = `set ${setting}.public_url to the address by which clients reach it`;
	const found = `${setting}.public_url is empty, so clients are told ${host}`;
	if (tls.cert !== '' && !holds(tls.cert, host))
		return [fail('public url', `${found}, which is not in the certificate`, todo)];
	return mode === 'production' && isWildcard(listening)
		? [warn('public url', found, `if that is another, ${todo}`)]
		: [];
};

/** The addresses that the api tells clients, where nobody has set them. A loopback one becomes the host by which a client came. */
export const checkPublicUrls: Check = async ({ config, module }) =>
	gateways.flatMap(([service, setting]) => {
		const { host: listening, public_url } = config[setting];
		if ((module !== undefined && module !== service) || public_url !== '') return [];
		const host = clientHost(listening, config.rpc, module === undefined);
		return isLoopback(host) ? [] : finding(config, setting, listening, host);
	});
