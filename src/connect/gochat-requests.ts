import { ChatError } from '../protocol/errors.ts';
import { type FeedKey, inboxKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel } from './channel.ts';
import type { GochatFrame } from './codec.ts';
import { authenticate } from './identity.ts';
import type { Refuse, RequestParts, Requests } from './requests.ts';

/** What clients of gochat's protocol ask for. */
export const createGochatRequests = (parts: RequestParts): Requests<GochatFrame['type']> => {
	const { rpc, feeds } = parts;

	const send = async (channel: Channel, to: { roomId: number } | { userId: number }, body: string): Promise<void> => {
		const { identity } = channel;
		if (identity === undefined) {
			channel.close('protocol-error');
			return;
		}
		await rpc.call('logic.send', { sender: { user: identity.user }, to, body, ref: channel.nextRef() });
	};

	return {
		enter: async (channel, { token, roomId }) => {
			const askedAt = performance.now();
			const answer = await rpc.call('logic.enter', { token, convs: roomId === undefined ? [] : [roomKey(roomId)] });
			if (channel.closed) return;
			const { user } = answer;
			const wanted = new Map<FeedKey, number>([[inboxKey(user.id), answer.inboxHead]]);
			if (roomId !== undefined) wanted.set(roomKey(roomId), answer.convs[0]?.head ?? 0);
			const before = channel.identity?.user;
			if (before !== undefined) {
				for (const key of [...channel.feeds.keys()]) {
					if (before.id !== user.id || !wanted.has(key)) feeds.unfollow(key, channel, before);
				}
			}
			if (!authenticate(parts, channel, answer, askedAt)) return;
			for (const [key, head] of wanted) {
				const following = feeds.follow(key, head, channel, user);
				if (following !== undefined) feeds.read(following, channel, user, head);
			}
		},
		sendToRoom: (channel, { roomId, body }) => {
			const joined = [...channel.feeds.keys()].map(roomOf).find((room) => room !== undefined);
			const room = roomId ?? joined;
			if (room === undefined) throw new ChatError('bad-request', 'no room named or joined');
			return send(channel, { roomId: room }, body);
		},
		sendToUser: (channel, { userId, body }) => send(channel, { userId }, body),
	};
};

/** gochat's protocol has no error frame: what concerns the session closes the socket, a message that was refused is only logged. */
export const refuseGochat =
	(logger: Logger): Refuse =>
	(channel, frame, error) => {
		logger.debug({ err: error, frame: frame.type }, 'frame refused');
		if (frame.type !== 'enter') return;
		channel.close(error.key === 'unauthorized' || error.key === 'bad-request' ? 'bad-token' : 'auth-unavailable');
	};
