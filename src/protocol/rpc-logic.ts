import Type from 'typebox';
import {
	Body,
	Client,
	DeviceName,
	maxConversationsPage,
	maxCursors,
	maxHistoryPage,
	maxOnlineQuery,
	maxSanctionsPage,
	Password,
	Reason,
	Ref,
	RoomId,
	RoomName,
	Token,
	UserName,
} from './limits.ts';
import {
	ConversationKeySchema,
	FeedEntry,
	FeedKeySchema,
	Message,
	Moment,
	NonNegativeInt,
	PositiveInt,
	UserRef,
} from './message.ts';
import type { MethodDeclaration } from './rpc-method.ts';
import { ClusterStatus, LogicSample } from './rpc-status.ts';
import {
	Caller,
	Conversation,
	ListedSession,
	Mark,
	Members,
	Receipt,
	Room,
	Sanction,
	SanctionKind,
	Session,
	Standing,
} from './rpc-values.ts';

const SignedIn = Type.Object({ token: Token, user: UserRef });
const Nothing = Type.Object({});

/** Accounts and sessions. */
const accountMethods = {
	/** Makes a user and a first session. Errors: name-taken, too-many-attempts. */
	'logic.register': {
		params: Type.Object({
			name: UserName,
			password: Password,
			device: Type.Optional(DeviceName),
			client: Type.Optional(Client),
		}),
		result: SignedIn,
		idempotent: false,
	},
	/** A new session; other sessions stay. Not tried again elsewhere while a hash is under way: that would double the work, and the guesses. Errors: wrong-credentials, too-many-attempts, banned. */
	'logic.login': {
		params: Type.Object({
			name: Type.String({ maxLength: 256 }),
			password: Type.String({ maxLength: 256 }),
			device: Type.Optional(DeviceName),
			client: Type.Optional(Client),
		}),
		result: SignedIn,
		idempotent: false,
	},
	/** Whose token it is. Errors: unauthorized. */
	'logic.checkAuth': {
		params: Type.Object({ token: Token }),
		result: Type.Object({ user: UserRef, session: Session }),
		idempotent: true,
	},
	/** Who it is, and whether an administrator. Errors: unauthorized. */
	'logic.me': {
		params: Type.Object({ token: Token }),
		result: Type.Object({ user: UserRef, admin: Type.Boolean() }),
		idempotent: true,
	},
	/** Ends the session and closes its sockets everywhere. Errors: unauthorized. */
	'logic.logout': { params: Type.Object({ token: Token }), result: Nothing, idempotent: true },
	/** The caller's sessions, the newest first. Errors: unauthorized. */
	'logic.sessions': {
		params: Type.Object({ token: Token }),
		result: Type.Object({ items: Type.Array(ListedSession) }),
		idempotent: true,
	},
	/** Ends one session of the caller, or without `id` all others, and closes their sockets everywhere. Errors: unauthorized, not-found. */
	'logic.endSessions': {
		params: Type.Object({ token: Token, id: Type.Optional(Type.String({ maxLength: 64 })) }),
		result: Nothing,
		idempotent: true,
	},
	/** Changes the caller's password and ends all other sessions. Errors: unauthorized, wrong-credentials, too-many-attempts. */
	'logic.changePassword': {
		params: Type.Object({ token: Token, current: Type.String({ maxLength: 256 }), next: Password }),
		result: Nothing,
		idempotent: false,
	},
	/** Which of these sessions are no longer valid: a connect server asks now and then. The others count as used. */
	'logic.endedSessions': {
		params: Type.Object({ ids: Type.Array(Type.String(), { maxItems: 1000 }) }),
		result: Type.Object({
			ended: Type.Array(Type.String()),
			/** When each of those asked expires, in their order, in ms since 1970; 0 of the ended ones. Processes of an earlier release do not tell. */
			expiresAt: Type.Optional(Type.Array(NonNegativeInt)),
		}),
		idempotent: true,
	},
	/** The sessions that were ended in the last seconds, whoever ended them; null when they are too many to tell. */
	'logic.recentlyEnded': {
		params: Type.Object({}),
		result: Type.Object({ ids: Type.Union([Type.Array(Type.String()), Type.Null()]) }),
		idempotent: true,
	},
	/** Errors: user-unknown. */
	'logic.user': { params: Type.Object({ id: PositiveInt }), result: UserRef, idempotent: true },
	/** The user of a name, compared without regard to case. Errors: unauthorized, user-unknown. */
	'logic.userByName': {
		params: Type.Object({ caller: Caller, name: Type.String({ maxLength: 256 }) }),
		result: UserRef,
		idempotent: true,
	},
} as const;

/** What a socket asks for when it begins to follow. */
const followMethods = {
	/**
	 * Authenticates a socket and tells where the conversations stand that it wants to follow, in the order asked: null for a
	 * direct conversation of others. Errors: unauthorized.
	 */
	'logic.enter': {
		params: Type.Object({ token: Token, convs: Type.Array(ConversationKeySchema, { maxItems: maxCursors }) }),
		result: Type.Object({
			user: UserRef,
			session: Session,
			inboxHead: NonNegativeInt,
			convs: Type.Array(Type.Union([Standing, Type.Null()])),
		}),
		idempotent: true,
	},
	/** The room of a name, compared without regard to case; made if there is none. Errors: unauthorized, bad-request. */
	'logic.openRoom': {
		params: Type.Object({ caller: Caller, name: RoomName }),
		result: Room,
		idempotent: true,
	},
	/** Puts a room into the caller's conversations, read up to its head if it was not there: then the caller's sockets are told. Errors: unauthorized, limit-reached. */
	'logic.join': {
		params: Type.Object({ caller: Caller, roomId: RoomId }),
		result: Type.Object({ ...Standing.properties, name: Type.Union([Type.String(), Type.Null()]) }),
		idempotent: true,
	},
	/** Takes a room out of the caller's conversations; if it was there, the caller's sockets are told. Errors: unauthorized. */
	'logic.leave': { params: Type.Object({ caller: Caller, roomId: RoomId }), result: Nothing, idempotent: true },
	/** Entries of a feed after a position, oldest first: how a connect server fills a gap. */
	'logic.read': {
		params: Type.Object({
			key: FeedKeySchema,
			after: NonNegativeInt,
			limit: Type.Integer({ minimum: 1, maximum: 1000 }),
		}),
		result: Type.Object({ entries: Type.Array(FeedEntry) }),
		idempotent: true,
	},
	/** The last position of each feed, in the order asked; 0 for an empty one. */
	'logic.heads': {
		params: Type.Object({ keys: Type.Array(FeedKeySchema, { maxItems: 1000 }) }),
		result: Type.Object({ heads: Type.Array(NonNegativeInt) }),
		idempotent: true,
	},
	/** Users came to or left these rooms (already in the route directory): tell the rooms. */
	'logic.membersChanged': {
		params: Type.Object({ roomIds: Type.Array(RoomId, { maxItems: 1000 }) }),
		result: Nothing,
		idempotent: true,
	},
} as const;

/** What people do in conversations. A direct conversation of others is `not-found`, as is one with a user who does not exist. */
const conversationMethods = {
	/** Appends a message to a room or a direct conversation. Accepted when answered. Errors: unauthorized, muted, user-unknown, not-found, bad-request, ref-taken. */
	'logic.send': {
		params: Type.Object({
			sender: Caller,
			to: Type.Union([
				Type.Object({ roomId: RoomId }),
				Type.Object({ userId: PositiveInt }),
				Type.Object({ conv: ConversationKeySchema }),
			]),
			body: Body,
			ref: Ref,
		}),
		result: Type.Object({
			conv: ConversationKeySchema,
			seq: PositiveInt,
			id: Type.String(),
			at: Moment,
		}),
		idempotent: true,
	},
	/** A page of a conversation for a reader, oldest first. `before` and `after` exclude; with neither, the newest page. Errors: unauthorized, not-found. */
	'logic.history': {
		params: Type.Object({
			caller: Caller,
			conv: ConversationKeySchema,
			after: Type.Optional(NonNegativeInt),
			before: Type.Optional(PositiveInt),
			limit: Type.Integer({ minimum: 1, maximum: maxHistoryPage }),
		}),
		result: Type.Object({ items: Type.Array(Message), more: Type.Boolean() }),
		idempotent: true,
	},
	/** The caller's inbox, the newest activity first. `next` is the `after` of the following page. Errors: unauthorized, bad-request. */
	'logic.conversations': {
		params: Type.Object({
			caller: Caller,
			after: Type.Optional(Type.String({ maxLength: 128 })),
			limit: Type.Integer({ minimum: 1, maximum: maxConversationsPage }),
		}),
		result: Type.Object({ items: Type.Array(Conversation), next: Type.Union([Type.String(), Type.Null()]) }),
		idempotent: true,
	},
	/**
	 * Users have got so far. Positions only grow, never beyond the head; marks in conversations that are not among the user's
	 * are dropped. Answered when stored; those who may see it are told.
	 */
	'logic.mark': {
		params: Type.Object({ marks: Type.Array(Mark, { maxItems: 1000 }) }),
		result: Nothing,
		idempotent: true,
	},
	/** The same for one conversation of a token's user. Errors: unauthorized, not-found. */
	'logic.markRead': {
		params: Type.Object({ token: Token, conv: ConversationKeySchema, seq: PositiveInt }),
		result: Nothing,
		idempotent: true,
	},
	/**
	 * How far those have got among whose conversations it is, oneself too; null when they are more than `maxReceiptMembers`.
	 * Errors: unauthorized, not-found.
	 */
	'logic.receipts': {
		params: Type.Object({ caller: Caller, conv: ConversationKeySchema }),
		result: Type.Object({ items: Type.Union([Type.Array(Receipt), Type.Null()]) }),
		idempotent: true,
	},
	/** Tells the others that the user is typing. Errors: not-found. */
	'logic.typing': {
		params: Type.Object({ user: UserRef, conv: ConversationKeySchema }),
		result: Nothing,
		idempotent: true,
	},
	/**
	 * Who is in a room now, or which of the two users of a direct conversation are connected. Errors: unauthorized, not-found,
	 * unavailable. `announce` also tells the room over its sockets.
	 */
	'logic.members': {
		params: Type.Object({ caller: Caller, conv: ConversationKeySchema, announce: Type.Boolean() }),
		result: Members,
		idempotent: true,
	},
	/** Those among these users who are connected anywhere. Errors: unauthorized, unavailable. */
	'logic.online': {
		params: Type.Object({ caller: Caller, userIds: Type.Array(PositiveInt, { maxItems: maxOnlineQuery }) }),
		result: Type.Object({ userIds: Type.Array(PositiveInt) }),
		idempotent: true,
	},
	/** How many users are in a room now. Errors: unauthorized, unavailable. `announce` also tells the room over its sockets. */
	'logic.count': {
		params: Type.Object({ token: Token, roomId: RoomId, announce: Type.Boolean() }),
		result: Type.Object({ count: NonNegativeInt }),
		idempotent: true,
	},
} as const;

/** For operators. */
const operatorMethods = {
	/** What runs, and what it has carried in the last minutes. Errors: unauthorized, forbidden (not an administrator). */
	'logic.clusterStatus': { params: Type.Object({ token: Token }), result: ClusterStatus, idempotent: true },
	/** What this process has accepted; asked by the logic process that is asked for the cluster's status. */
	'logic.stats': {
		params: Type.Object({}),
		result: Type.Object({ samples: Type.Array(LogicSample) }),
		idempotent: true,
	},
} as const;

/** What administrators do about users. Errors of all: unauthorized, forbidden (not an administrator, or against one). */
const sanctionMethods = {
	/** Bans or mutes a user, in place of what is in force; a ban ends all sessions. `until` null: for good. Errors: user-unknown, bad-request. */
	'logic.impose': {
		params: Type.Object({
			token: Token,
			userId: PositiveInt,
			kind: SanctionKind,
			until: Type.Union([PositiveInt, Type.Null()]),
			reason: Reason,
		}),
		result: Nothing,
		idempotent: true,
	},
	/** Errors: user-unknown, not-found (none is in force). */
	'logic.lift': {
		params: Type.Object({ token: Token, userId: PositiveInt, kind: SanctionKind }),
		result: Nothing,
		idempotent: true,
	},
	/** The newest first: those in force, or `all` that ever were. `next` is the `before` of the following page. */
	'logic.sanctions': {
		params: Type.Object({
			token: Token,
			userId: Type.Optional(PositiveInt),
			all: Type.Boolean(),
			before: Type.Optional(PositiveInt),
			limit: Type.Integer({ minimum: 1, maximum: maxSanctionsPage }),
		}),
		result: Type.Object({ items: Type.Array(Sanction), next: Type.Union([PositiveInt, Type.Null()]) }),
		idempotent: true,
	},
	/** Ends all sessions of a user, and closes their sockets everywhere. Errors: user-unknown. */
	'logic.endSessionsOf': {
		params: Type.Object({ token: Token, userId: PositiveInt }),
		result: Nothing,
		idempotent: true,
	},
} as const;

/** What logic answers to api and the connect servers. */
export const logicMethods = {
	...accountMethods,
	...followMethods,
	...conversationMethods,
	...operatorMethods,
	...sanctionMethods,
} as const satisfies Record<`logic.${string}`, MethodDeclaration>;
