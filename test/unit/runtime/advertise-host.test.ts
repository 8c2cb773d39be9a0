import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { advertiseHost, clientHost } from '../../../src/runtime/advertise-host.ts';
import { loadConfig } from '../../../src/runtime/config.ts';

const { rpc } = loadConfig({ environment: {}, assignments: [] });

test.each([
	['10.0.0.1', '0.0.0.0', '10.0.0.1'],
	['', '10.0.0.2', '10.0.0.2'],
	['0.0.0.0', '10.0.0.2', '10.0.0.2'],
])('advertise %j on host %j is %s', (advertise, host, expected) => {
	expect(advertiseHost({ ...rpc, advertise, host })).toBe(expected);
});

test.each(['0.0.0.0', '::'])('on every interface (%s) it is an address of this machine, never the wildcard', (host) => {
	const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	expect(own.map(({ address }) => address)).toContain(advertiseHost({ ...rpc, advertise: '', host }));
});

describe('clients are told', () => {
	const open = { ...rpc, host: '0.0.0.0' };
	test.each([
		['127.0.0.1', false, '127.0.0.1'],
		['127.0.0.1', true, '127.0.0.1'],
		['192.0.2.7', false, '192.0.2.7'],
		['2001:db8::7', false, '[2001:db8::7]'],
		['0.0.0.0', true, '127.0.0.1'],
		['::', true, '127.0.0.1'],
	])('of a server on %s, with all modules in one process %s: %s', (listening, alone, expected) => {
		expect(clientHost(listening, open, alone)).toBe(expected);
	});

	test('the advertised address of one on every interface', () => {
		expect(clientHost('0.0.0.0', open, false)).toBe(advertiseHost(open));
		expect(clientHost('0.0.0.0', { ...open, advertise: '192.0.2.9' }, false)).toBe('192.0.2.9');
		expect(clientHost('0.0.0.0', { ...open, advertise: '192.0.2.9' }, true)).toBe('192.0.2.9');
	});
});
