import type { RpcClient } from '../ports/rpc.ts';
import { ChatError } from '../protocol/errors.ts';

/** When whoever was refused may come again. */
const retryAfterMs = 1000;

/**
 * Calls, at most so many under way at once: more are refused with `overloaded`. It is the calls that count and not the requests:
 * a client that takes its time to send a body, or goes away, neither fills the limit nor gets around it.
 */
export const limitCalls = (rpc: RpcClient, most: number, refused: () => void): RpcClient => {
	let underWay = 0;
	return {
		call: async (method, params, options) => {
			if (underWay >= most) {
				refused();
				throw new ChatError('overloaded', undefined, { retryAfterMs });
			}
			underWay += 1;
			try {
				return await rpc.call(method, params, options);
			} finally {
				underWay -= 1;
			}
		},
	};
};
