import { describe, expect, test } from 'vitest';
import { readProxyHeader } from '../../../src/connect-tcp/proxy-protocol.ts';

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/** A header of version 2. */
const binary = (versionAndCommand: number, family: number, rest: Buffer, length = rest.length): Buffer => {
	const head = Buffer.from([versionAndCommand, family, length >> 8, length & 255]);
	return Buffer.concat([signature, head, rest]);
};
const ipv4 = Buffer.from([192, 0, 2, 7, 198, 51, 100, 1, 0xc0, 0x01, 0x1b, 0x59]);
const ipv6 = Buffer.concat([
	Buffer.from('20010db8000000000000000000000007', 'hex'),
	Buffer.from('20010db8000000000000000000000001', 'hex'),
	Buffer.from([0xc0, 0x01, 0x1b, 0x59]),
]);

const lines: readonly [string, string | undefined][] = [
	['PROXY TCP4 192.0.2.7 198.51.100.1 49153 7001\r\n', '192.0.2.7'],
	['PROXY TCP6 2001:db8::7 2001:db8::1 49153 7001\r\n', '2001:db8::7'],
	['PROXY UNKNOWN\r\n', undefined],
	['PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', undefined],
];
const binaries: readonly [string, Buffer, string | undefined][] = [
	['IPv4', binary(0x21, 0x11, ipv4), '192.0.2.7'],
	['IPv6', binary(0x21, 0x21, ipv6), '2001:db8:0:0:0:0:0:7'],
	['IPv4 with extensions', binary(0x21, 0x11, Buffer.concat([ipv4, Buffer.alloc(300, 1)])), '192.0.2.7'],
	['LOCAL', binary(0x20, 0x11, ipv4), undefined],
	['LOCAL without addresses', binary(0x20, 0x00, Buffer.alloc(0)), undefined],
	['a Unix socket', binary(0x21, 0x31, Buffer.alloc(216)), undefined],
];
const headers: readonly [string, Buffer, string | undefined][] = [
	...lines.map(([line, client]) => [line.trim(), Buffer.from(line), client] as [string, Buffer, string | undefined]),
	...binaries,
];

describe.each(headers)('%s', (_name, header, client) => {
	test('names the client, and where its bytes begin', () => {
		const followed = Buffer.concat([header, Buffer.from('v1\0\x08{}{}')]);
		expect(readProxyHeader(followed)).toEqual({ client, length: header.length });
	});

	test('is waited for, wherever it is split', () => {
		for (let length = 0; length < header.length; length += 1) {
			expect(readProxyHeader(header.subarray(0, length)), `${length} bytes`).toBeUndefined();
		}
	});
});

test.each([
	['a packet of a client', Buffer.from('v1\0\x08{}{}')],
	['text', Buffer.from('GET / HTTP/1.1\r\n')],
	['almost the signature', Buffer.concat([signature.subarray(0, 11), Buffer.from('x')])],
	['an address that is none', Buffer.from('PROXY TCP4 192.0.2.700 198.51.100.1 1 2\r\n')],
	['an address of the other family', Buffer.from('PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n')],
	['a port that is none', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 65536 2\r\n')],
	['a port with a leading zero', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n')],
	['a missing port', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n')],
	['too much', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n')],
	['another family', Buffer.from('PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n')],
	['a line without an end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(100)}`)],
	['a line that ends too late', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(100)}\r\n`)],
	['version 1 in binary', binary(0x11, 0x11, ipv4)],
	['an unknown command', binary(0x22, 0x11, ipv4)],
	['addresses that are cut short', binary(0x21, 0x21, ipv4)],
	['a length that nobody needs', binary(0x21, 0x11, ipv4, 65_535)],
])('%s is no header', (_name, bytes) => {
	expect(() => readProxyHeader(bytes)).toThrow(/PROXY/);
});

test('no bytes whatever do anything but name a client, wait or be refused', () => {
	for (let round = 0; round < 20_000; round += 1) {
		const [, header] = headers[round % headers.length] as (typeof headers)[number];
		const bytes = Buffer.from(header);
		for (let change = 0; change <= round % 4; change += 1) {
			bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
		}
		try {
			const read = readProxyHeader(bytes);
			if (read !== undefined) expect(read.length).toBeLessThanOrEqual(bytes.length);
		} catch (error) {
			expect((error as Error).message).toMatch(/PROXY/);
		}
	}
});
