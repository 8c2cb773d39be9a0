import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { advertiseHost } from '../../../src/runtime/advertise-host.ts';
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
