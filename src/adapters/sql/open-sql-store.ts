import { existsSync } from 'node:fs';
import { Kysely, sql } from 'kysely';
import type { ChatStore } from '../../ports/chat-store.ts';
import { ChatError } from '../../protocol/errors.ts';
import { cureOf, wordsOf } from '../cure.ts';
import { append, messageByRef } from './append.ts';
import { attempts, changeAttempts, deleteExpiredAttempts } from './attempts.ts';
import { batched } from './batched.ts';
import { chooseDialect, type SqlStoreOptions } from './choose-dialect.ts';
import { inbox } from './inbox.ts';
import { mark } from './mark.ts';
import { type Join, joinRooms, leaveRoom, receipts, standings } from './memberships.ts';
import { migrate } from './migrations/migrate.ts';
import { migrationState } from './migrations/pending.ts';
import { heads, history, readFeed } from './read.ts';
import { namedRooms, openRoom } from './rooms.ts';
import { countErrors, Runner } from './runner.ts';
import { impose, inForce, lift, mutedUsers, sanctions } from './sanctions.ts';
import {
	createSession,
	deleteOldSessions,
	endSession,
	endSessionsOfUser,
	sessionsById,
	sessionsByTokenHash,
	sessionsEndedSince,
	sessionsOfUser,
	touchSessions,
} from './sessions.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { rowsPerStatement } from './statement-sizes.ts';
import type { Tables } from './tables.ts';
import { changePassword, createUser, isAdmin, setAdmin, setPasswordHash, userByNameKey, usersById } from './users.ts';

interface OpenOptions extends SqlStoreOptions {
	/** Makes nothing: rejects with `ChatError('not-found')` where no store has been made yet. */
	readonly existing?: boolean;
}

/** Opens the store and brings its tables up to date. Rejects with `ChatError('unavailable')` when the database does not answer. */
export const openSqlStore = async ({ existing = false, ...options }: OpenOptions): Promise<ChatStore> => {
	const dialect = await chooseDialect(options);
	// Connecting would make the file.
	if (existing && dialect.name === 'SQLite' && !existsSync(dialect.address)) throw notThere(dialect);
	await prepare(dialect, existing);
	const runner = new Runner(new Kysely<Tables>({ dialect: dialect.connect() }), dialect, countErrors(options.metrics));
	const lookUp = <Key, Value>(load: (db: Kysely<Tables>, keys: readonly Key[]) => Promise<readonly Value[]>) =>
		batched((keys: readonly Key[]) => runner.run((db) => load(db, keys)), rowsPerStatement);
	const userById = lookUp(usersById);
	const headOf = lookUp(heads);
	const join = batched((joins: readonly Join[]) => joinRooms(runner, dialect, joins), rowsPerStatement);
	return {
		createUser: (user) => createUser(runner, user),
		userByNameKey: (nameKey) => runner.run((db) => userByNameKey(db, nameKey)),
		changePassword: (change) => changePassword(runner, dialect, change),
		setPasswordHash: (userId, next, previous) => runner.run((db) => setPasswordHash(db, { userId, next, previous })),
		usersById: async (ids) => {
			const users = await Promise.all([...new Set(ids)].map(userById));
			return users.filter((user) => user !== undefined);
		},
		isAdmin: (userId) => runner.run((db) => isAdmin(db, userId)),
		setAdmin: (nameKey, admin) => runner.run((db) => setAdmin(db, nameKey, admin)),
		openRoom: (room) => openRoom(runner, room),
		namedRooms: (ids) => runner.run((db) => namedRooms(db, ids)),
		createSession: (session) => runner.run((db) => createSession(db, session)),
		sessionByTokenHash: lookUp((db, hashes: readonly string[]) => sessionsByTokenHash(db, dialect, hashes)),
		sessionsById: (ids) => runner.run((db) => sessionsById(db, ids)),
		sessionsOfUser: (userId) => runner.run((db) => sessionsOfUser(db, userId)),
		touchSessions: (ids, use) => runner.run((db) => touchSessions(db, ids, use)),
		endSessionsOfUser: (userId, which, at) => endSessionsOfUser(runner, dialect, { userId, which, at }),
		endSession: (tokenHash, at) => runner.run((db) => endSession(db, dialect, { tokenHash, at })),
		sessionsEndedSince: (at, limit) => runner.run((db) => sessionsEndedSince(db, at, limit)),
		deleteOldSessions: (now, endedBy) => runner.run((db) => deleteOldSessions(db, now, endedBy)),
		attempts: (keys) => runner.run((db) => attempts(db, keys)),
		changeAttempts: (...change) => changeAttempts(runner, dialect, change),
		deleteExpiredAttempts: (now) => runner.run((db) => deleteExpiredAttempts(db, now)),
		impose: (sanction) => impose(runner, dialect, sanction),
		lift: (sanction) => runner.run((db) => lift(db, sanction)),
		inForce: (userId, kind, at) => runner.run((db) => inForce(db, { userId, kind, at })),
		mutedUsers: (at) => runner.run((db) => mutedUsers(db, at)),
		sanctions: (page) => runner.run((db) => sanctions(db, page)),
		append: (messages) => append(runner, dialect, messages),
		messageByRef: (senderId, ref) => runner.run((db) => messageByRef(db, senderId, ref)),
		heads: (keys) => Promise.all(keys.map(headOf)),
		readFeed: (key, after, limit) => runner.run((db) => readFeed(db, key, after, limit)),
		history: (page) => runner.run((db) => history(db, page)),
		joinRoom: (userId, conv, at, most = Number.POSITIVE_INFINITY) => join({ userId, conv, at, most }),
		leaveRoom: (userId, conv) => runner.run((db) => leaveRoom(db, userId, conv)),
		standings: (userId, convs) => runner.run((db) => standings(db, userId, convs)),
		receipts: (conv, limit) => runner.run((db) => receipts(db, conv, limit)),
		mark: (marks) => mark(runner, dialect, marks),
		inbox: (userId, page) => runner.run((db) => inbox(db, dialect, { userId, ...page })),
		ping: () => runner.run(ping),
		close: () => runner.close(),
	};
};

const ping = async (db: Kysely<Tables>): Promise<void> => {
	await sql`select 1`.execute(db);
};

/** Connects, says in one line if that fails, and migrates. */
const prepare = async (dialect: SqlDialect, existing: boolean): Promise<void> => {
	const runner = new Runner(new Kysely<Tables>({ dialect: dialect.connectForMigrations() }), dialect);
	try {
		await runner.run(ping).catch((error: unknown) => {
			throw unreachable(dialect, error);
		});
		if (existing && (await runner.run((db) => migrationState(db, dialect))).empty) throw notThere(dialect);
		await runner.run((db) => migrate(db, dialect));
	} finally {
		await runner.close();
	}
};

const notThere = ({ address }: SqlDialect): ChatError =>
	new ChatError(
		'not-found',
		`there is no store at ${address}: give --config FILE or --set store.url=…, as the modules have it`,
	);

const unreachable = ({ name, address }: SqlDialect, error: unknown): ChatError => {
	const cause = error instanceof ChatError && error.cause !== undefined ? error.cause : error;
	const told = `cannot reach ${name} at ${address}: ${wordsOf(cause)}; ${cureOf(name, cause)}`;
	return new ChatError('unavailable', told, { cause });
};
