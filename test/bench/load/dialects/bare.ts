import type { Dialect } from '../dialect.ts';

/** The bench's own server. It answers nothing, but reads a connection's frames in order: a pong after the join tells that it is in. */
export const bare: Dialect = {
	subprotocol: undefined,
	answersAtOnce: true,
	address: (url) => url,
	converse: ({ plan, send, ping, joined }) => ({
		opened: () => {
			send(`join ${plan.roomId} ${plan.user.id}`);
			ping();
		},
		text: () => {},
		pong: joined,
	}),
};
