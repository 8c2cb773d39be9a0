import { v2Subprotocol } from '../../../../src/protocol/v2/subprotocol.ts';
import type { Dialect } from '../dialect.ts';

/**
 * tschat's own protocol. It is in when it has been `resumed` and, where it asks for a room, that is `joined`; one that comes back
 * names its position in the room instead, and has what it missed before `resumed`.
 */
export const v2: Dialect = {
	subprotocol: v2Subprotocol,
	answersAtOnce: true,
	address: (url) => url,
	converse: ({ plan, cursor, send, joined, standsAt, refused, beat }) => {
		const conv = `room:${plan.roomId}`;
		const awaited = new Set(['resumed']);
		return {
			opened: () => {
				const cursors = cursor === undefined ? {} : { cursors: { [conv]: cursor } };
				send(JSON.stringify({ type: 'hello', token: plan.user.token, ...cursors }));
				if (plan.roomId < 1 || cursor !== undefined) return;
				awaited.add('joined');
				send(JSON.stringify({ type: 'join', conv }));
			},
			text: (text) => {
				const frame: { type?: string; heartbeat?: number; head?: number } = JSON.parse(text);
				if (frame.type === 'error' || frame.type === 'closing' || frame.type === 'reset') refused(text);
				if (frame.type === 'welcome') beat('{"type":"ping"}', frame.heartbeat ?? 5000);
				if (frame.type === 'joined') standsAt(frame.head ?? 0);
				if (awaited.delete(frame.type ?? '') && awaited.size === 0) joined();
			},
			pong: () => {},
		};
	},
};
