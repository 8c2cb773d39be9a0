import Type from 'typebox';
import { NonNegativeInt } from './message.ts';
import { QueueItem } from './queue-items.ts';
import type { MethodDeclaration } from './rpc-method.ts';
import { ConnectSample } from './rpc-status.ts';

/** What a connect server answers to task and logic. */
export const connectMethods = {
	/** Takes a batch for its local readers. Answered when the batch is taken over, before the sockets are written. */
	'connect.deliver': {
		params: Type.Object({ items: Type.Array(QueueItem, { maxItems: 1000 }) }),
		result: Type.Object({}),
		idempotent: true,
	},
	/** Closes every socket of these sessions. */
	'connect.closeSessions': {
		params: Type.Object({ ids: Type.Array(Type.String(), { maxItems: 1000 }) }),
		result: Type.Object({ closed: Type.Integer({ minimum: 0 }) }),
		idempotent: true,
	},
	/** How much it carries, for those who choose a server for a client. */
	'connect.status': {
		params: Type.Object({}),
		result: Type.Object({ connections: Type.Integer({ minimum: 0 }) }),
		idempotent: true,
	},
	/** How much it carries now, and in the last minutes. */
	'connect.stats': {
		params: Type.Object({}),
		result: Type.Object({
			connections: NonNegativeInt,
			rooms: NonNegativeInt,
			samples: Type.Array(ConnectSample),
		}),
		idempotent: true,
	},
} as const satisfies Record<`connect.${string}`, MethodDeclaration>;
