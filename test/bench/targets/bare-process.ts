import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { textFrame } from '../../../src/connect/codecs/text-frame.ts';
import { httpIn, listenAndTell, type Recipient } from './http-in.ts';

// The least that a server in Node can do for a room: what comes within `flushMs` is one buffer of WebSocket frames, and
// each reader gets it by one write to its socket. No names, no store, no queue, no second process.
const flushMs = 5;
const [port = ''] = process.argv.slice(2);
const readers = new Map<Recipient, Set<Socket>>();
const waiting = new Map<Recipient, Buffer[]>();

const flush = (): void => {
	for (const [to, frames] of waiting) {
		const bytes = Buffer.concat(frames);
		for (const socket of readers.get(to) ?? []) socket.write(bytes);
	}
	waiting.clear();
};

const server = httpIn((to, body) => {
	if (waiting.size === 0) setTimeout(flush, flushMs);
	const frames = waiting.get(to);
	if (frames === undefined) waiting.set(to, [textFrame(body)]);
	else frames.push(textFrame(body));
});

const follow = (to: Recipient, socket: Socket): void => {
	const sockets = readers.get(to) ?? new Set();
	readers.set(to, sockets.add(socket));
	socket.once('close', () => {
		sockets.delete(socket);
		if (sockets.size === 0 && readers.get(to) === sockets) readers.delete(to);
	});
};

/** A client says `join <room> <user>`, both as numbers; frames are read in order, so it is in when a later ping is answered. */
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (webSocket, { socket }) => {
	webSocket.on('error', () => {});
	webSocket.on('message', (data) => {
		const [, room, user] = /^join (\d+) (\d+)$/.exec(String(data)) ?? [];
		if (room === undefined || user === undefined) return webSocket.close(1002, 'join <room> <user>');
		follow(`room:${room}`, socket);
		follow(`user:${user}`, socket);
	});
});
listenAndTell(server, Number(port));
