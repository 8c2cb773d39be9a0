import type { ResultOf } from '../protocol/rpc.ts';
import type { Channel } from './channel.ts';
import type { RequestParts } from './requests.ts';

/** Gives a socket its user. False when the session has ended meanwhile, and the socket with it. */
export const authenticate = (
	{ sessions, heartbeat }: Pick<RequestParts, 'sessions' | 'heartbeat'>,
	channel: Channel,
	{ user, session }: ResultOf<'logic.enter'>,
): boolean => {
	if (channel.identity !== undefined) sessions.remove(channel.identity.sessionId, channel);
	channel.identity = { user, sessionId: session.id, expiresAt: session.expiresAt };
	heartbeat.authenticated(channel);
	if (sessions.add(session.id, channel)) return true;
	channel.close('revoked');
	return false;
};
