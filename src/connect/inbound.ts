import type { RpcClient } from '../ports/rpc.ts';
import { ChatError, toChatError } from '../protocol/errors.ts';
import { type FeedKey, inboxKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel } from './channel.ts';
import type { ClientFrame } from './codec.ts';
import type { Feeds } from './feeds.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Sessions } from './sessions.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly feeds: Feeds;
	readonly sessions: Sessions;
	readonly heartbeat: Heartbeat;
	readonly logger: Logger;
}

/** Frames of one client that may wait; beyond that its socket is not read until they are dealt with. */
const pauseAt = 32;
const resumeAt = 8;

/** What clients ask for, one frame of a client after the other: so a sender's messages keep the order in which it sent them. */
export class Inbound {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Takes the payload of one frame. A frame that is not understood closes this socket alone. */
	receive(channel: Channel, payload: Buffer): void {
		if (channel.closed) return;
		channel.heardAt = Date.now();
		let frame: ClientFrame;
		try {
			frame = channel.codec.decode(payload);
		} catch {
			channel.close('protocol-error');
			return;
		}
		if (channel.waiting === undefined) {
			channel.waiting = [frame];
			void this.#work(channel, channel.waiting);
			return;
		}
		channel.waiting.push(frame);
		if (channel.waiting.length === pauseAt) channel.transport.pauseReading();
	}

	/** Forgets a connection that has closed. */
	forget(channel: Channel): void {
		const { feeds, sessions, heartbeat } = this.#options;
		heartbeat.remove(channel);
		const identity = channel.identity;
		if (identity === undefined) return;
		sessions.remove(identity.sessionId, channel);
		for (const key of channel.feeds) feeds.unfollow(key, channel, identity.user);
	}

	async #work(channel: Channel, waiting: ClientFrame[]): Promise<void> {
		for (;;) {
			const frame = waiting[0];
			if (frame === undefined || channel.closed) break;
			try {
				await this.#handle(channel, frame);
			} catch (error) {
				this.#refuse(channel, frame, toChatError(error));
			}
			waiting.shift();
			if (waiting.length === resumeAt) channel.transport.resumeReading();
		}
		channel.waiting = undefined;
		channel.onIdle?.();
	}

	#handle(channel: Channel, frame: ClientFrame): Promise<void> {
		switch (frame.type) {
			case 'enter':
				return this.#enter(channel, frame.token, frame.roomId);
			case 'sendToRoom': {
				const joined = [...channel.feeds].map(roomOf).find((roomId) => roomId !== undefined);
				const roomId = frame.roomId ?? joined;
				if (roomId === undefined) throw new ChatError('bad-request', 'no room named or joined');
				return this.#send(channel, { roomId }, frame.body);
			}
			case 'sendToUser':
				return this.#send(channel, { userId: frame.userId }, frame.body);
		}
	}

	async #enter(channel: Channel, token: string, roomId: number | undefined): Promise<void> {
		const { rpc, feeds, sessions, heartbeat } = this.#options;
		const answer = await rpc.call('logic.enter', roomId === undefined ? { token } : { token, roomId });
		if (channel.closed) return;

		const wanted = new Map<FeedKey, number>([[inboxKey(answer.user.id), answer.inboxHead]]);
		if (roomId !== undefined) wanted.set(roomKey(roomId), answer.roomHead ?? 0);
		const before = channel.identity;
		if (before !== undefined) {
			const sameUser = before.user.id === answer.user.id;
			for (const key of channel.feeds) if (!sameUser || !wanted.has(key)) feeds.unfollow(key, channel, before.user);
			sessions.remove(before.sessionId, channel);
		}
		channel.identity = { user: answer.user, sessionId: answer.session.id, expiresAt: answer.session.expiresAt };
		heartbeat.authenticated(channel);
		if (!sessions.add(answer.session.id, channel)) {
			channel.close('revoked');
			return;
		}
		for (const [key, head] of wanted) feeds.follow(key, head, channel, answer.user);
	}

	async #send(channel: Channel, to: { roomId: number } | { userId: number }, body: string): Promise<void> {
		const identity = channel.identity;
		if (identity === undefined) {
			channel.close('protocol-error');
			return;
		}
		await this.#options.rpc.call('logic.send', {
			sender: { user: identity.user },
			to,
			body,
			ref: channel.nextRef(),
		});
	}

	/** gochat's protocol has no error frame: what concerns the session closes the socket, a message that was refused is only logged. */
	#refuse(channel: Channel, frame: ClientFrame, error: ChatError): void {
		this.#options.logger.debug({ err: error, frame: frame.type }, 'frame refused');
		if (frame.type !== 'enter') return;
		channel.close(error.key === 'unauthorized' || error.key === 'bad-request' ? 'bad-token' : 'auth-unavailable');
	}
}
