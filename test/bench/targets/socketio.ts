import { startRedis } from '../../support/redis.ts';
import { startPlainServer } from './plain-target.ts';
import type { TargetKind } from './target.ts';

const script = new URL('./socketio-process.js', import.meta.url);

/** Socket.IO 4 with its Redis adapter, as one process. It stores nothing. */
export const socketio: TargetKind = {
	name: 'socketio',
	start: async () => {
		const redis = await startRedis();
		const { process, port, target } = await startPlainServer(script, [redis.url]).catch(async (error: unknown) => {
			await redis.stop();
			throw error;
		});
		return {
			...target,
			name: 'socketio',
			dialects: ['socketio'],
			sockets: [`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`],
			processes: () => [
				{ name: 'socketio', pid: process.pid },
				{ name: 'redis-server', pid: redis.pid },
			],
			stop: async () => {
				await process.stop();
				await redis.stop();
			},
		};
	},
};
