import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { WebSocketTransport } from '../../../src/connect-ws/web-socket-transport.ts';

let server: WebSocketServer;
afterEach(() => server.close());

test.each([
	['reads on and does not answer', true],
	['reads nothing', false],
])('of an ended session no socket is open a second later, also of a client that %s', async (_, reads) => {
	server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	await once(server, 'listening');
	const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
	client.write(
		'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
			'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
	);
	if (reads) client.resume();
	const [webSocket, { socket }] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
	const closed = once(socket, 'close');
	const begun = performance.now();
	new WebSocketTransport(webSocket, socket, 65_536).close('revoked');
	await closed;
	expect(performance.now() - begun).toBeLessThan(1000);
	client.destroy();
});
