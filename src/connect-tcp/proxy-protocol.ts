import { isIP } from 'node:net';

/**
 * The header by which a proxy names the client of a connection, before anything that the client sends: the PROXY protocol, versions 1
 * (a line of text) and 2 (binary), https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt.
 */
export interface ProxyHeader {
	/** The client's address; undefined when the connection is the proxy's own, or is no TCP over IP. */
	readonly client: string | undefined;
	/** Bytes of the header: what follows is the client's. */
	readonly length: number;
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const textStart = Buffer.from('PROXY ', 'latin1');
/** Of a line of version 1, with its end. */
const longestLine = 107;
const fixedBytes = 16;
/** Of the addresses and extensions of version 2, of which we read the addresses: certificates do not belong here. */
const longestRest = 2048;

const startsLike = (bytes: Buffer, start: Buffer): boolean => {
	const length = Math.min(bytes.length, start.length);
	return bytes.subarray(0, length).equals(start.subarray(0, length));
};

/** The header at the beginning of a connection; undefined while it is not complete. Throws an `Error` for what is none. */
export const readProxyHeader = (bytes: Buffer): ProxyHeader | undefined => {
	if (startsLike(bytes, signature)) return bytes.length < fixedBytes ? undefined : readBinary(bytes);
	if (startsLike(bytes, textStart)) return readText(bytes);
	throw new Error('not a PROXY header');
};

const readText = (bytes: Buffer): ProxyHeader | undefined => {
	const end = bytes.subarray(0, longestLine).indexOf('\r\n');
	if (end < 0) {
		if (bytes.length >= longestLine) throw new Error('the PROXY line is too long');
		return undefined;
	}
	const length = end + 2;
	const [, family, source, destination, sourcePort, destinationPort, ...more] = bytes
		.toString('latin1', 0, end)
		.split(' ');
	if (family === 'UNKNOWN') return { client: undefined, length };
	const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : 0;
	const wellFormed =
		version !== 0 &&
		isIP(source ?? '') === version &&
		isIP(destination ?? '') === version &&
		isPort(sourcePort) &&
		isPort(destinationPort) &&
		more.length === 0;
	if (!wellFormed) throw new Error('the PROXY line is not valid');
	return { client: source, length };
};

const isPort = (text: string | undefined): boolean =>
	text !== undefined && /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

const readBinary = (bytes: Buffer): ProxyHeader | undefined => {
	const [versionAndCommand = 0, family = 0] = bytes.subarray(12, 14);
	const rest = bytes.readUInt16BE(14);
	const command = versionAndCommand & 15;
	if (versionAndCommand >> 4 !== 2 || command > 1) throw new Error('not version 2 of the PROXY protocol');
	if (rest > longestRest) throw new Error('the PROXY header is too long');
	const length = fixedBytes + rest;
	if (bytes.length < length) return undefined;
	// LOCAL: the proxy asks for itself, as for its health checks.
	const addressBytes = command === 0 ? undefined : addressBytesOf.get(family);
	if (addressBytes === undefined) return { client: undefined, length };
	// Both addresses, and both ports.
	if (rest < 2 * addressBytes + 4) throw new Error('the PROXY header lacks addresses');
	const address = bytes.subarray(fixedBytes, fixedBytes + addressBytes);
	return { client: addressBytes === 4 ? address.join('.') : groupsOf(address), length };
};

/** Of a TCP connection over IPv4 or IPv6. */
const addressBytesOf: ReadonlyMap<number, number> = new Map([
	[0x11, 4],
	[0x21, 16],
]);

const groupsOf = (address: Buffer): string =>
	Array.from({ length: 8 }, (_, index) => address.readUInt16BE(2 * index).toString(16)).join(':');
