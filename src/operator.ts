import { checkText } from './logic/body.ts';
import { userNameKey } from './logic/user-name.ts';
import type { ChatStore, NewSanction, SanctionKind, StoredUser } from './ports/chat-store.ts';
import { openExistingStore } from './runtime/adapters.ts';
import type { Config } from './runtime/config-schema.ts';
import { hidePasswords } from './runtime/config-secrets.ts';
import { failureReason } from './runtime/failure-reason.ts';
import { createLogger, type Logger } from './runtime/logger.ts';
import { createMetrics } from './runtime/metrics/metrics.ts';

/**
 * What the operator does about users at the command line, in the store alone: the cluster may run or not. One that runs follows
 * within a second, since its processes ask the store what has changed.
 */

const tell = (line: string): void => void process.stderr.write(`tschat: ${line}\n`);

/**
 * Does something about a user, and prints the line that comes of it, or why nothing was done. The exit code. The store is named
 * in what was done: it need not be that of the cluster which runs. One that is not there is not made.
 */
const withUser = async (
	config: Config,
	name: string,
	act: (store: ChatStore, user: StoredUser, logger: Logger) => Promise<{ done: string } | { refused: string }>,
): Promise<number> => {
	const logger = createLogger(config.log.level, { module: 'admin', serverId: config.server.id });
	const place = hidePasswords(config.store.url);
	let store: ChatStore | undefined;
	try {
		store = await openExistingStore(config, createMetrics().of('admin'));
		const key = userNameKey(name);
		const user = key === undefined ? undefined : await store.userByNameKey(key);
		if (user === undefined) {
			tell(`there is no user "${name}" in ${place}`);
			return 1;
		}
		const outcome = await act(store, user, logger);
		if ('refused' in outcome) {
			tell(outcome.refused);
			return 1;
		}
		process.stdout.write(`${outcome.done} in ${place}\n`);
		return 0;
	} catch (error) {
		tell(failureReason(error));
		return 1;
	} finally {
		await store?.close();
	}
};

/** Makes a user an administrator, or no more. */
export const setAdmin = (config: Config, name: string, admin: boolean): Promise<number> =>
	withUser(config, name, async (store, user, logger) => {
		await store.setAdmin(userNameKey(user.name) ?? '', admin);
		logger.info({ by: null, user: user.name, admin }, 'administrators changed');
		return { done: `${name} is ${admin ? 'now' : 'no longer'} an administrator` };
	});

const participles: Record<SanctionKind, string> = { ban: 'banned', mute: 'muted' };

/** Bans or mutes a user, unless that one is an administrator. */
export const imposeByName = (
	config: Config,
	name: string,
	{ kind, until, reason }: Pick<NewSanction, 'kind' | 'until' | 'reason'>,
): Promise<number> =>
	withUser(config, name, async (store, user, logger) => {
		checkText('reason', reason);
		if (await store.isAdmin(user.id)) {
			return { refused: `${name} is an administrator: first say  tschat admin --revoke ${name}` };
		}
		await store.impose({ userId: user.id, kind, until, reason, by: null, at: Date.now() });
		logger.info({ by: null, user: user.name, until, reason }, `user ${participles[kind]}`);
		const end = until === null ? '' : ` until ${new Date(until).toISOString()}`;
		return { done: `${name} is ${participles[kind]}${end}` };
	});

/** Lifts a ban or a mute. */
export const liftByName = (config: Config, name: string, kind: SanctionKind): Promise<number> =>
	withUser(config, name, async (store, user, logger) => {
		const lifted = await store.lift({ userId: user.id, kind, by: null, at: Date.now() });
		if (!lifted) return { refused: `${name} is not ${participles[kind]} in ${hidePasswords(config.store.url)}` };
		logger.info({ by: null, user: user.name }, `${kind} lifted`);
		return { done: `${name} is no longer ${participles[kind]}` };
	});
