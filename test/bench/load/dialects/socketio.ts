import type { Dialect } from '../dialect.ts';

/** Engine.IO's packets, and Socket.IO's within its messages: one digit each in front. */
const packet = { open: '0', ping: '2', pong: '3', connect: '40', event: '42' };

/** Socket.IO 4 over WebSocket alone. An event is not answered: the pong after the joins tells that they have been read. */
export const socketio: Dialect = {
	subprotocol: undefined,
	answersAtOnce: true,
	address: (url) => {
		const address = new URL(url);
		if (address.pathname === '/') address.pathname = '/socket.io/';
		address.searchParams.set('EIO', '4');
		address.searchParams.set('transport', 'websocket');
		return address.href;
	},
	converse: ({ plan, send, ping, joined, refused }) => ({
		opened: () => {},
		text: (text) => {
			if (text.startsWith(packet.connect)) {
				const rooms = [`user:${plan.user.id}`, ...(plan.roomId > 0 ? [`room:${plan.roomId}`] : [])];
				for (const room of rooms) send(`${packet.event}${JSON.stringify(['join', room])}`);
				ping();
			} else if (text.startsWith('44')) refused(text);
			else if (text.startsWith(packet.open)) send(packet.connect);
			else if (text.startsWith(packet.ping)) send(packet.pong);
		},
		pong: joined,
	}),
};
