import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
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
	return remembered((address) => trust(address, 0));
};

/** Addresses of which it is remembered whether they are a proxy's, since reading one costs more than the rest of a limit. */
const mostRemembered = 1000;
/** What is longer is no address: whoever writes headers could fill the memory with it. */
const longestAddress = 45;

const remembered = (trusted: TrustedProxies): TrustedProxies => {
	const known = new Map<string, boolean>();
	return (address) => {
		const before = known.get(address);
		if (before !== undefined) return before;
		const found = trusted(address);
		if (address.length > longestAddress) return found;
		if (known.size >= mostRemembered) known.clear();
		known.set(address, found);
		return found;
	};
};

/** All who come under what is no address share one: a proxy that writes anything must not make each request a client of its own. */
const unknown = 'unknown';

/** The eight groups of an IPv6 address. */
const groupsOf = (address: string): number[] => {
	// The end of an address may be written as one of IPv4 (RFC 4291, 2.2).
	const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...[a, b, c, d]: string[]) =>
		[256 * Number(a) + Number(b), 256 * Number(c) + Number(d)].map((group) => group.toString(16)).join(':'),
	);
	const [head = '', tail] = hex.split('::', 2);
	const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
	if (tail === undefined) return groups(head);
	const [first, last] = [groups(head), groups(tail)];
	return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
};

/** What limits count by: an IPv4 address, or the first 64 bits of an IPv6 one, of which a single client has all the others. */
const subjectOf = (address: string): string => {
	if (isIPv4(address)) return address;
	// Some proxies name the port as well.
	const plain = address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[(.+)\](:\d+)?$/, '$1');
	if (isIPv4(plain)) return plain;
	if (!isIPv6(plain)) return unknown;
	const groups = groupsOf(plain.replace(/%.*$/, ''));
	const [high = 0, low = 0] = groups.slice(6);
	if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
		return [high >> 8, high & 255, low >> 8, low & 255].join('.');
	}
	return `${groups
		.slice(0, 4)
		.map((group) => group.toString(16))
		.join(':')}::/64`;
};

/**
 * The client that limits count a connection for, through trusted proxies (`X-Forwarded-For`). Undefined when a trusted proxy,
 * or a program on its machine, names nobody: then there is no client to count for.
 */
export const clientOf = (request: IncomingMessage, trusted: TrustedProxies): string | undefined => {
	const named = request.headers['x-forwarded-for'] !== undefined;
	return clientOfAddress(named ? proxyAddr(request, trusted) : request.socket.remoteAddress, trusted);
};

/** The same for a connection without headers. One that was reset has no address any more, and is not taken for a proxy's. */
export const clientOfAddress = (address: string | undefined, trusted: TrustedProxies): string | undefined => {
	if (!address) return unknown;
	return trusted(address) ? undefined : subjectOf(address);
};
