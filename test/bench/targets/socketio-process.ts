import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { httpIn, listenAndTell } from './http-in.ts';

// A Socket.IO server as its documentation tells one to tune it: WebSockets only, no compression, its Redis client
// pipelining, no request kept for each connection (https://socket.io/docs/v4/performance-tuning).
const [port = '', redisUrl = ''] = process.argv.slice(2);
const publisher = new Redis(redisUrl, { enableAutoPipelining: true });
const io = new Server({
	adapter: createAdapter(publisher, publisher.duplicate()),
	transports: ['websocket'],
	allowUpgrades: false,
	perMessageDeflate: false,
	httpCompression: false,
	serveClient: false,
});
const server = httpIn((to, body) => io.to(to).emit('m', body));
io.attach(server);
io.engine.on('connection', (connection: object) => void Reflect.set(connection, 'request', null));

/** A client joins its room as `room:<id>`, and its own messages as `user:<id>`. */
io.on('connection', (socket) => void socket.on('join', (room: unknown) => void socket.join(String(room))));
listenAndTell(server, Number(port));
