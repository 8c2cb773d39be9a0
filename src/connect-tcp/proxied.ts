import type { Socket } from 'node:net';
import { type ProxyHeader, readProxyHeader } from './proxy-protocol.ts';

/** How long a proxy may take for its header: it sends it at once. */
const headerTimeoutMs = 5000;

/** Reads the header that a trusted proxy begins a connection with, and leaves the rest unread. A connection without one is closed. */
export const afterProxyHeader = (socket: Socket, then: (client: string | undefined) => void): void => {
	let bytes = Buffer.alloc(0);
	const timer = setTimeout(() => socket.destroy(), headerTimeoutMs);
	const onData = (chunk: Buffer) => {
		bytes = Buffer.concat([bytes, chunk]);
		let header: ProxyHeader | undefined;
		try {
			header = readProxyHeader(bytes);
		} catch {
			socket.destroy();
			return;
		}
		if (header === undefined) return;
		clearTimeout(timer);
		socket.off('data', onData);
		socket.off('end', onEnd);
		socket.pause();
		const rest = bytes.subarray(header.length);
		if (rest.length > 0) socket.unshift(rest);
		then(header.client);
		socket.resume();
	};
	const onEnd = () => socket.destroy();
	socket.on('data', onData);
	socket.on('end', onEnd);
	socket.on('close', () => clearTimeout(timer));
};
