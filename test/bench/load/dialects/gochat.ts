import type { Dialect } from '../dialect.ts';

/**
 * gochat's protocol. The server answers nothing, but tells a room of everybody who comes, once a second at most: the first frame
 * of any kind is proof of being in.
 */
export const gochat: Dialect = {
	subprotocol: undefined,
	answersAtOnce: false,
	address: (url) => url,
	converse: ({ plan, send, joined, refused }) => ({
		opened: () => {
			if (plan.roomId > 0) send(JSON.stringify({ authToken: plan.user.token, roomId: plan.roomId }));
			else refused('gochat needs a room');
		},
		text: joined,
		pong: () => {},
	}),
};
