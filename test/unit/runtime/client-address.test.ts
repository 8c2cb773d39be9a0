import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientOf, clientOfAddress, trustedProxies } from '../../../src/runtime/client-address.ts';

const request = (remoteAddress: string | undefined, forwarded?: string) =>
	({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

const behind = trustedProxies('loopback, 10.0.0.0/8');

test.each([
	['a client that comes by itself', '203.0.113.7', undefined, '203.0.113.7'],
	['a client that claims to be another', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
	['a client behind a proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
	['a client behind two proxies', '127.0.0.1', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
	['what a client wrote before the proxy added it', '127.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
	['a proxy that names nobody', '::ffff:127.0.0.1', undefined, undefined],
	['a proxy that names nothing', '127.0.0.1', '', undefined],
	['a socket that was reset, which may have been anybody’s', undefined, undefined, 'unknown'],
	['an IPv4 client on an IPv6 socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
	[
		'an IPv4 client in hexadecimal, as the PROXY protocol gives it',
		'0:0:0:0:0:ffff:cb00:7107',
		undefined,
		'203.0.113.7',
	],
	['a client behind a proxy that names the port', '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
	['an IPv6 client behind such a proxy', '127.0.0.1', '[2001:db8:1:2::3]:4711', '2001:db8:1:2::/64'],
	['what is no address, behind a proxy', '127.0.0.1', 'anything', 'unknown'],
	['an IPv6 client whose address ends as one of IPv4', '64:ff9b::198.51.100.1', undefined, '64:ff9b:0:0::/64'],
	['an IPv6 client', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
	['an IPv6 client, written short', '2001:db8::1', undefined, '2001:db8:0:0::/64'],
	['an IPv6 client on a link', 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
])('%s', (_what, remote, forwarded, client) => {
	expect(clientOf(request(remote, forwarded), behind)).toBe(client);
});

test('without headers only the address counts', () => {
	expect(clientOfAddress('203.0.113.7', behind)).toBe('203.0.113.7');
	expect(clientOfAddress('10.0.0.1', behind)).toBeUndefined();
});

test('nobody is trusted when nobody is named, and what is no address is refused', () => {
	expect(trustedProxies('')('127.0.0.1')).toBe(false);
	expect(() => trustedProxies('loopback, proxy.example')).toThrow(TypeError);
});
