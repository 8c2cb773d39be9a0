import type { ChatStore, SanctionKind } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Logger } from '../runtime/logger.ts';
import { checkText } from './body.ts';
import type { Mutes } from './mutes.ts';
import type { Revoke } from './revocation.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

type SanctionMethods = 'logic.impose' | 'logic.lift' | 'logic.sanctions' | 'logic.endSessionsOf';

interface Parts {
	readonly store: ChatStore;
	readonly sessions: Pick<Sessions, 'require'>;
	readonly users: Users;
	readonly mutes: Pick<Mutes, 'changed'>;
	readonly revoke: Revoke;
	readonly logger: Logger;
}

/** What the log tells of, for those who look into who did what. */
const told: Record<SanctionKind, readonly [imposed: string, lifted: string]> = {
	ban: ['user banned', 'ban lifted'],
	mute: ['user muted', 'mute lifted'],
};

/** What administrators do about users: bans, mutes, and the end of all sessions. Each is logged, and bans and mutes stay in the store. */
export const createSanctions = (parts: Parts): Pick<HandlersOf<'logic'>, SanctionMethods> => {
	const { store, sessions, users, mutes, revoke, logger } = parts;

	const requireAdmin = async (token: string): Promise<UserRef> => {
		const { user } = await sessions.require(token);
		if (!(await store.isAdmin(user.id))) throw new ChatError('forbidden');
		return user;
	};

	/** An administrator has power over everybody but administrators: one who is to be banned is made no administrator first. */
	const requireSubject = async (userId: number): Promise<UserRef> => {
		const user = await users.require(userId);
		if (await store.isAdmin(userId)) throw new ChatError('forbidden', 'the user is an administrator');
		return user;
	};

	return {
		'logic.impose': async ({ token, userId, kind, until, reason }) => {
			checkText('reason', reason);
			const by = await requireAdmin(token);
			const user = await requireSubject(userId);
			const at = Date.now();
			if (until !== null && until <= at) throw new ChatError('bad-request', 'until: must be in the future');
			const ended = await store.impose({ userId, kind, until, reason, by: by.id, at });
			logger.info({ by: by.name, user: user.name, until, reason }, told[kind][0]);
			mutes.changed();
			if (ended.length > 0) await revoke(ended);
			return {};
		},
		'logic.lift': async ({ token, userId, kind }) => {
			const by = await requireAdmin(token);
			const user = await users.require(userId);
			if (!(await store.lift({ userId, kind, by: by.id, at: Date.now() }))) throw new ChatError('not-found');
			logger.info({ by: by.name, user: user.name }, told[kind][1]);
			mutes.changed();
			return {};
		},
		'logic.sanctions': async ({ token, userId, all, before, limit }) => {
			await requireAdmin(token);
			const inForceAt = all ? undefined : Date.now();
			const items = await store.sanctions({ userId, inForceAt, before, limit: limit + 1 });
			const page = items.slice(0, limit);
			return { items: page, next: items.length > limit ? (page.at(-1)?.id ?? null) : null };
		},
		'logic.endSessionsOf': async ({ token, userId }) => {
			const by = await requireAdmin(token);
			const user = await requireSubject(userId);
			const ended = await store.endSessionsOfUser(userId, 'all', Date.now());
			logger.info({ by: by.name, user: user.name, ended: ended.length }, 'sessions of a user ended');
			if (ended.length > 0) await revoke(ended);
			return {};
		},
	};
};
