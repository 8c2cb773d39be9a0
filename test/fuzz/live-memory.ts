import { once } from 'node:events';
import WebSocket from 'ws';
import type { Cluster, Node } from '../support/cluster.ts';
import { nodesOf } from './health.ts';

/** Of Node: each process listens for a debugger, on a port of its own, and prints where. */
export const debuggable = '--inspect=127.0.0.1:0';

interface HeapUsage {
	readonly usedSize: number;
	/** Buffers, outside V8's heap. */
	readonly backingStorageSize?: number;
}

/** What a process holds when its garbage is collected, in MiB: by the Chrome DevTools Protocol (HeapProfiler, Runtime). */
const liveMiB = async ({ process }: Node): Promise<number> => {
	const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(process.output()) ?? [];
	const socket = new WebSocket(url);
	await once(socket, 'open');
	const ask = async (method: string): Promise<unknown> => {
		socket.send(JSON.stringify({ id: 1, method }));
		const [data] = await once(socket, 'message');
		return (JSON.parse(String(data)) as { result: unknown }).result;
	};
	await ask('HeapProfiler.collectGarbage');
	const { usedSize, backingStorageSize = 0 } = (await ask('Runtime.getHeapUsage')) as HeapUsage;
	socket.close();
	return Math.round((usedSize + backingStorageSize) / 2 ** 20);
};

/** By the process's name. */
export const liveMemoryOf = async (cluster: Cluster): Promise<ReadonlyMap<string, number>> =>
	new Map(await Promise.all(nodesOf(cluster).map(async (node) => [node.name, await liveMiB(node)] as const)));
