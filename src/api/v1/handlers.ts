import { nanoid } from 'nanoid';
import type { RpcClient } from '../../ports/rpc.ts';
import type { V1Handlers } from '../../protocol/http-v1.ts';
import { roomKey } from '../../protocol/logs.ts';
import { passwordDeadline } from '../password-deadline.ts';

/** Each of gochat's routes as calls to logic. A push is a single call: logic checks the token with the message. */
export const createV1Handlers = (rpc: RpcClient): V1Handlers => ({
	'/user/register': async ({ userName, passWord }, counted) =>
		(await rpc.call('logic.register', { name: userName, password: passWord, ...counted }, passwordDeadline)).token,

	'/user/login': async ({ userName, passWord }, counted) =>
		(await rpc.call('logic.login', { name: userName, password: passWord, ...counted }, passwordDeadline)).token,

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
		const asked = { caller: { token: authToken }, conv: roomKey(roomId), announce: true };
		const { count, members } = await rpc.call('logic.members', asked);
		const roomUserInfo = members && Object.fromEntries(members.map(({ id, name }) => [String(id), name]));
		return { roomId, count, roomUserInfo };
	},
});
