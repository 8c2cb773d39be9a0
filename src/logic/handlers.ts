import type { ChatStore } from '../ports/chat-store.ts';
import type { RouteDirectory } from '../ports/route-directory.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Logger } from '../runtime/logger.ts';
import { createAccounts } from './accounts.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Outbox } from './outbox.ts';
import type { Passwords } from './password.ts';
import { createReading } from './reading.ts';
import type { Revoke } from './revocation.ts';
import { createRooms } from './rooms.ts';
import { createSending } from './sending.ts';
import { createSessions } from './sessions.ts';
import { createUsers } from './users.ts';

interface Parts {
	readonly config: Config;
	readonly logger: Logger;
	readonly store: ChatStore;
	readonly routes: RouteDirectory;
	readonly passwords: Passwords;
	readonly revoke: Revoke;
	readonly newId: () => string;
	readonly groupCommit: GroupCommit;
	readonly outbox: Outbox;
}

/** A handler for every method of `logic`. Params are validated by the RPC server that calls them. */
export const createHandlers = (parts: Parts): HandlersOf<'logic'> => {
	const { config, store } = parts;
	const shared = {
		...parts,
		sessions: createSessions(store, config.auth.session_days),
		users: createUsers(store),
	};
	return { ...createAccounts(shared), ...createSending(shared), ...createReading(shared), ...createRooms(shared) };
};
