import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** Whether the peer of a socket is a proxy whose word about its clients counts. */
export type TrustedProxies = (address: string) => boolean;

/**
 * From the setting: addresses, subnets (`10.1.0.0/16`), and the names `loopback`, `linklocal` and `uniquelocal`, separated by commas;
 * nobody when empty. Throws a `TypeError` for what is none of these.
 */
export const trustedProxies = (setting: string): TrustedProxies => {
	const list = setting.split(',').flatMap((entry) => entry.trim() || []);
	if (list.length === 0) return () => false;
	const trust = proxyAddr.compile(list);
	return (address) => trust(address, 0);
};

/** What limits count by: an IPv4 address, or the first 64 bits of an IPv6 one, of which a single client has all the others. */
const subjectOf = (address: string): string => {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
	if (!isIPv6(plain)) return plain.slice(0, 64);
	const [head = '', tail] = plain.replace(/%.*$/, '').split('::', 2);
	const groups = head === '' ? [] : head.split(':');
	const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
	const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ? tail.split(':') : [])];
	return `${all
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':')}::/64`;
};

/**
 * The client that limits count a connection for, through trusted proxies (`X-Forwarded-For`). Undefined when a trusted proxy,
 * or a program on its machine, names nobody: then there is no client to count for.
 */
export const clientOf = (request: IncomingMessage, trusted: TrustedProxies): string | undefined => {
	return clientOfAddress(proxyAddr(request, trusted), trusted);
};

/** The same for a connection without headers. Undefined also for a socket that has closed. */
export const clientOfAddress = (address: string | undefined, trusted: TrustedProxies): string | undefined =>
	!address || trusted(address) ? undefined : subjectOf(address);
