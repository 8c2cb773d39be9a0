import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { dataHeaderLines } from '../runtime/http/common-headers.ts';

/** How long a client may take to read why it was refused. */
const readMs = 2000;

/** Answers an upgrade with an HTTP status, and closes. */
export const refuse = (socket: Duplex, status: string, retryAfterSeconds?: number): void => {
	const retryAfter = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
	const headers = dataHeaderLines(socket instanceof TLSSocket);
	socket.end(`HTTP/1.1 ${status}\r\n${retryAfter}${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
	// The HTTP server has handed it over: nobody else would close one that stays half open.
	setTimeout(() => socket.destroy(), readMs).unref();
};
