import { nanoid } from 'nanoid';
import type { RpcClient } from '../../ports/rpc.ts';
import type { V1Handlers } from '../../protocol/http-v1.ts';

/**
 * Hashing a password takes a good part of a core's tenth of a second, by intent. When hundreds sign up at once they wait
 * in line: that is worth more than an error.
 */
const passwordDeadline = { deadlineMs: 25_000 };

/** Each of gochat's routes as calls to logic. A push is a single call: logic checks the token with the message. */
export const createV1Handlers = (rpc: RpcClient): V1Handlers => ({
	'/user/register': async ({ userName, passWord }) =>
		(await rpc.call('logic.register', { name: userName, password: passWord }, passwordDeadline)).token,

	'/user/login': async ({ userName, passWord }) =>
		(await rpc.call('logic.login', { name: userName, password: passWord }, passwordDeadline)).token,

	'/user/checkAuth': async ({ authToken }) => {
		const { user } = await rpc.call('logic.checkAuth', { token: authToken });
		return { userId: user.id, userName: user.name };
	},

	'/user/logout': async ({ authToken }) => {
		await rpc.call('logic.logout', { token: authToken });
		return null;
	},

	'/push/push': async ({ authToken, msg, toUserId, ref = nanoid() }) => {
		const to = { userId: Number(toUserId) };
		await rpc.call('logic.send', { sender: { token: authToken }, to, body: msg, ref });
		return null;
	},

	'/push/pushRoom': async ({ authToken, msg, roomId, ref = nanoid() }) => {
		await rpc.call('logic.send', { sender: { token: authToken }, to: { roomId }, body: msg, ref });
		return '';
	},

	'/push/count': ({ authToken, roomId }) => rpc.call('logic.count', { token: authToken, roomId, announce: true }),

	'/push/getRoomInfo': async ({ authToken, roomId }) => {
		const { count, members } = await rpc.call('logic.members', { token: authToken, roomId, announce: true });
		const roomUserInfo = members && Object.fromEntries(members.map(({ id, name }) => [String(id), name]));
		return { roomId, count, roomUserInfo };
	},
});
