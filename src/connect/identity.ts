import { inboxKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { ResultOf } from '../protocol/rpc.ts';
import type { Channel } from './channel.ts';
import type { RequestParts } from './requests.ts';

type Parts = Pick<RequestParts, 'sessions' | 'heartbeat' | 'admission' | 'rate' | 'feeds' | 'limits' | 'refused'>;

/** An older answer may be from before a revocation that is not remembered any more: see `Sessions`. */
const maxAgeMs = 5000;

/** When a connection that had to make room should come back: late, or the user's devices would take turns. */
const madeRoomDelayMs = 60_000;

/** Closes the user's oldest connection when there are too many with the new one; that one itself when none of the others reads yet. */
const makeRoom = ({ feeds, limits, refused }: Parts, user: UserRef, channel: Channel): void => {
	const inbox = feeds.get(inboxKey(user.id));
	const others = inbox?.users.get(user.id)?.channels ?? 0;
	if (inbox === undefined || others < limits.connections) return;
	let oldest: Channel | undefined;
	for (const reader of inbox.readers()) {
		if (oldest === undefined || reader.openedAt < oldest.openedAt) oldest = reader;
	}
	refused('connections_per_user');
	(oldest ?? channel).close('too-many-connections', Math.round(madeRoomDelayMs * (1 + Math.random())));
};

/**
 * Gives a socket its user, by the answer to what was asked at `askedAt` (on the clock of `performance.now()`). False when the
 * session has ended meanwhile, or may have, or the user has too many connections, and the socket with it.
 */
export const authenticate = (
	parts: Parts,
	channel: Channel,
	{ user, session }: ResultOf<'logic.enter'>,
	askedAt: number,
): boolean => {
	const { sessions, heartbeat, admission, rate } = parts;
	if (performance.now() - askedAt > maxAgeMs) {
		channel.close('auth-unavailable');
		return false;
	}
	if (channel.identity?.user.id !== user.id) makeRoom(parts, user, channel);
	if (channel.closed) return false;
	if (channel.identity !== undefined) sessions.remove(channel.identity.sessionId, channel);
	admission.authenticated(channel);
	rate.authenticated(channel, user.id);
	channel.identity = { user, sessionId: session.id };
	heartbeat.authenticated(channel);
	if (sessions.add(session.id, channel, session.expiresAt)) return true;
	channel.close('revoked');
	return false;
};
