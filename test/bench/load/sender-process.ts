import { httpSender, type Post } from './http-sender.ts';
import { openLoop, type Send, type Share } from './open-loop.ts';
import type { SocketRoute } from './plan.ts';
import { serve, usage } from './serve.ts';
import { socketSender } from './socket-sender.ts';

/** How messages go out; one of the two ways is empty. */
export interface Routes {
	readonly http: string;
	readonly posts: readonly Post[];
	readonly sockets: readonly SocketRoute[];
	readonly bodyBytes: number;
}

let sender: { send: Send; close(): void } | undefined;

const methods = {
	prepare: async ({ http, posts, sockets, bodyBytes }: Routes) => {
		sender = sockets.length > 0 ? await socketSender(sockets, bodyBytes) : httpSender(http, posts, bodyBytes);
	},
	run: async (share: Share) => {
		if (sender === undefined) throw new Error('nothing is prepared');
		const sent = await openLoop(share, sender.send);
		sender.close();
		return sent;
	},
	usage,
};

export type SenderMethods = typeof methods;

serve(methods);
