import { startPlainServer } from './plain-target.ts';
import type { TargetKind } from './target.ts';

const script = new URL('./bare-process.js', import.meta.url);

/** What the machine can do at most: one process that only copies from HTTP to sockets. It stores nothing. */
export const bare: TargetKind = {
	name: 'bare',
	start: async () => {
		const { process, port, target } = await startPlainServer(script);
		return {
			...target,
			name: 'bare',
			dialects: ['bare'],
			sockets: [`ws://127.0.0.1:${port}/`],
			processes: () => [{ name: 'bare', pid: process.pid }],
			stop: () => process.stop(),
		};
	},
};
