import type { UserRef } from '../protocol/message.ts';
import type { Caller } from '../protocol/rpc-values.ts';
import type { Sessions } from './sessions.ts';

/** Whose call it is. Rejects with `unauthorized` for a token without a valid session. */
export type ResolveCaller = (caller: Caller) => Promise<UserRef>;

/** A user named by a connect server was authenticated when the socket was; a token is looked up each time. */
export const createCallers =
	(sessions: Pick<Sessions, 'require'>): ResolveCaller =>
	async (caller) => {
		const { id, name } = 'token' in caller ? (await sessions.require(caller.token)).user : caller.user;
		return { id, name };
	};
