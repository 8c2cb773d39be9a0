import type { ChatStore } from '../ports/chat-store.ts';
import type { MessageQueue } from '../ports/message-queue.ts';
import type { RouteDirectory } from '../ports/route-directory.ts';
import type { RpcClient } from '../ports/rpc.ts';
import type { RegistryWatch } from '../ports/service-registry.ts';
import type { ErrorKey } from '../protocol/errors.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { LogicSample } from '../protocol/rpc-status.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Sampler } from '../runtime/sampler.ts';
import { createAccounts } from './accounts.ts';
import type { Attempts } from './attempts.ts';
import { createCallers } from './callers.ts';
import { createClusterStatus } from './cluster-status.ts';
import { createConversationAccess } from './conversation-access.ts';
import { createConversations } from './conversations.ts';
import { countingOutcomes } from './counts.ts';
import { createFollowing } from './following.ts';
import type { GroupCommit } from './group-commit.ts';
import { createMarking } from './marking.ts';
import type { Marks } from './marks.ts';
import { createMembers } from './members.ts';
import { createMutes } from './mutes.ts';
import type { Outbox } from './outbox.ts';
import type { Passwords } from './password.ts';
import { createReading } from './reading.ts';
import { createRecentlyEnded } from './recently-ended.ts';
import { createRenewHash } from './renew-hash.ts';
import type { Revoke } from './revocation.ts';
import { createRooms } from './rooms.ts';
import { createSanctions } from './sanctions.ts';
import { createSending } from './sending.ts';
import { createSessionManagement } from './session-management.ts';
import { createSessions } from './sessions.ts';
import { createEndSurplus } from './surplus-sessions.ts';
import { createTyping } from './typing.ts';
import { createUsers } from './users.ts';

interface Parts {
	readonly config: Config;
	readonly logger: Logger;
	readonly store: ChatStore;
	readonly queue: MessageQueue;
	readonly routes: RouteDirectory;
	readonly rpc: RpcClient;
	/** Of all services. */
	readonly modules: RegistryWatch;
	readonly stats: Sampler<LogicSample>;
	readonly passwords: Passwords;
	readonly attempts: Attempts;
	readonly revoke: Revoke;
	readonly newId: () => string;
	readonly groupCommit: GroupCommit;
	readonly marks: Marks;
	readonly outbox: Outbox;
	/** Told of each session that ended since its user had too many. */
	readonly surplusEnded: () => void;
	/** Told of each join that was refused since its user had too many rooms. */
	readonly roomRefused: () => void;
	/** Told how a sign-in came out. */
	readonly signInEnded: (outcome: 'ok' | ErrorKey) => void;
}

/** A handler for every method of `logic`. Params are validated by the RPC server that calls them. */
export const createHandlers = (parts: Parts): HandlersOf<'logic'> => {
	const { config, store } = parts;
	const { session_idle_days: idleDays, session_days: days } = config.auth;
	const sessions = createSessions({ store, idleDays, days, logger: parts.logger });
	const users = createUsers(store);
	const shared = {
		...parts,
		sessions,
		users,
		mutes: createMutes(store),
		recentlyEnded: createRecentlyEnded(store),
		renewHash: createRenewHash(parts),
		endSurplus: createEndSurplus({ ...parts, mostSessions: config.limits.sessions_per_user }),
		resolveCaller: createCallers(sessions),
		requireOpen: createConversationAccess(users),
	};
	const accounts = createAccounts(shared);
	return {
		...accounts,
		'logic.login': countingOutcomes(accounts['logic.login'], parts.signInEnded),
		...createSessionManagement(shared),
		...createFollowing({ ...shared, mostRooms: config.limits.rooms_per_user }),
		...createRooms(shared),
		...createSending(shared),
		...createReading(shared),
		...createConversations(shared),
		...createMarking(shared),
		...createTyping(shared),
		...createMembers(shared),
		...createClusterStatus(shared),
		...createSanctions(shared),
	};
};
