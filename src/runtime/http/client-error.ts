import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type ErrorKey, errorKinds } from '../../protocol/errors.ts';
import type { ErrorV2 } from '../../protocol/http-v2/error.ts';
import { dataHeaderLines } from './common-headers.ts';

/** What ends a connection before there is a request, and its limit if it was one. */
const faults: Readonly<Record<string, { readonly status: number; readonly key: ErrorKey; readonly limit: string }>> = {
	HPE_HEADER_OVERFLOW: { status: 431, key: 'bad-request', limit: 'http_header_bytes' },
	ERR_HTTP_REQUEST_TIMEOUT: { status: 408, key: 'timeout', limit: 'http_request_timeout' },
};

/** Answers what is no request, or came too slowly, and ends the connection; the name of the limit that it met. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): string | undefined => {
	const { status, key, limit } = faults[error.code ?? ''] ?? { status: 400, key: 'bad-request' as const };
	if (socket.writable) {
		const { message, retryable } = errorKinds[key];
		const body = JSON.stringify({ error: { key, message, retryable } } satisfies ErrorV2);
		socket.write(
			`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
				`Content-Length: ${body.length}\r\n${dataHeaderLines(socket instanceof TLSSocket)}Connection: close\r\n\r\n${body}`,
		);
	}
	socket.destroySoon();
	return limit;
};
