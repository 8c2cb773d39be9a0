// A client that floods, in a process of its own: `node flooder.mjs KIND CONNECTIONS WS_URL TCP_PORT TOKEN`, told by its parent to start and to stop.
import { connect } from 'node:net';
import { setPriority } from 'node:os';

const [kind, connections, wsUrl, tcpPort, token] = process.argv.slice(2);
const ws = new URL(wsUrl);
/** An address of its own, so that limits tell it from its victims. */
const localAddress = '127.0.0.2';
const roomId = 1;

// It stands for another machine: what it costs by itself must not be taken from the server's.
setPriority(19);

/** A frame of a client, masked with zeros. */
const frame = (opcode, payload) => {
	const body = Buffer.from(payload);
	const head = body.length < 126 ? [body.length | 128] : [126 | 128, body.length >> 8, body.length & 255];
	return Buffer.concat([Buffer.from([128 | opcode, ...head, 0, 0, 0, 0]), body]);
};
const text = (value) => frame(1, typeof value === 'string' ? value : JSON.stringify(value));
const packet = (value) => {
	const body = Buffer.from(JSON.stringify(value));
	const head = Buffer.from([0x76, 0x31, 0, 0]);
	head.writeInt16BE(body.length + 4, 2);
	return Buffer.concat([head, body]);
};

let sent = 0;
let running = false;
const perBatch = 500;
const batchOf = (next) => Buffer.concat(Array.from({ length: perBatch }, next));
const run = Math.random().toString(36).slice(2);

const upgrade = (subprotocol) =>
	`GET ${ws.pathname} HTTP/1.1\r\nHost: ${ws.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
	`Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n` +
	`${subprotocol ? `Sec-WebSocket-Protocol: ${subprotocol}\r\n` : ''}\r\n`;

const hello = () => text({ type: 'hello', token });
const webSocket = (first, next) => ({
	port: Number(ws.port),
	greeting: upgrade('tschat.v2'),
	afterUpgrade: first,
	batch: () => batchOf(next),
});
const room = `room:${roomId}`;
const send = () => {
	sent += 1;
	return text({ type: 'send', ref: `${run}${sent}`, conv: room, kind: 'text', body: `flood ${sent}` });
};
const push = () => {
	sent += 1;
	return packet({ op: 3, msg: `flood ${sent}`, roomId });
};
const pages = () => {
	sent += 1;
	return text(sent % 2 === 0 ? { type: 'history', conv: room, limit: 200 } : { type: 'conversations', limit: 500 });
};

const kinds = {
	sends: webSocket(hello, send),
	pushes: {
		port: Number(tcpPort),
		greeting: packet({ op: 6, authToken: token, roomId }),
		batch: () => batchOf(push),
	},
	pings: webSocket(hello, () => frame(9, '')),
	junk: webSocket(hello, () => text('{{{')),
	pages: webSocket(hello, pages),
	// Closed as soon as it is there.
	connects: { port: Number(ws.port), greeting: upgrade('tschat.v2'), afterUpgrade: () => undefined },
};
const { port, greeting, afterUpgrade, batch } = kinds[kind];

const sockets = new Set();
const counts = { connections: 0, batches: 0 };

/** One connection after the other; each sends as fast as it is taken, and reads what comes. */
const flood = () => {
	if (!running) return;
	const socket = connect({ port, host: ws.hostname, localAddress });
	let open = afterUpgrade === undefined;
	const pump = () => {
		if (!running || !open || batch === undefined) return;
		while (running && !socket.destroyed && socket.write(batch())) counts.batches += 1;
	};
	socket.on('connect', () => {
		counts.connections += 1;
		socket.write(greeting);
		pump();
	});
	socket.on('data', () => {
		if (open) return;
		open = true;
		const first = afterUpgrade();
		if (first === undefined) return void socket.destroy();
		socket.write(first);
		pump();
	});
	socket.on('drain', pump);
	socket.on('error', () => {});
	socket.on('close', () => {
		sockets.delete(socket);
		setImmediate(flood);
	});
	sockets.add(socket);
};

process.on('message', (command) => {
	running = command === 'start';
	if (running) for (let index = 0; index < Number(connections); index += 1) flood();
	else for (const socket of sockets) socket.destroy();
	process.send?.(counts);
});
process.on('disconnect', () => process.exit());
