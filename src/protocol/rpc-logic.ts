import Type from 'typebox';
import { Body, maxHistoryPage, Password, Ref, RoomId, Token, UserName } from './limits.ts';
import {
	ConversationKeySchema,
	FeedEntry,
	FeedKeySchema,
	Message,
	NonNegativeInt,
	PositiveInt,
	UserRef,
} from './message.ts';
import type { MethodDeclaration } from './rpc-method.ts';

const Session = Type.Object({
	id: Type.String(),
	/** Milliseconds since 1970 UTC. */
	expiresAt: NonNegativeInt,
});
const SignedIn = Type.Object({ token: Token, user: UserRef });
const Nothing = Type.Object({});
const Credentials = Type.Object({ name: UserName, password: Password });
const RoomMembers = Type.Object({
	count: NonNegativeInt,
	/** Null when the room is too large for a list. */
	members: Type.Union([Type.Array(UserRef), Type.Null()]),
});

/** Who sends: a token that logic checks, or a user whom a connect server has authenticated on a socket. */
const Sender = Type.Union([Type.Object({ token: Token }), Type.Object({ user: UserRef })]);

/** What logic answers to api and the connect servers. */
export const logicMethods = {
	/** Makes a user and a first session. Errors: name-taken. */
	'logic.register': { params: Credentials, result: SignedIn, idempotent: false },
	/** A new session; other sessions stay. Errors: wrong-credentials. */
	'logic.login': {
		params: Type.Object({ name: Type.String({ maxLength: 256 }), password: Type.String({ maxLength: 256 }) }),
		result: SignedIn,
		idempotent: true,
	},
	/** Whose token it is. Errors: unauthorized. */
	'logic.checkAuth': {
		params: Type.Object({ token: Token }),
		result: Type.Object({ user: UserRef, session: Session }),
		idempotent: true,
	},
	/** Ends the session and closes its sockets everywhere. Errors: unauthorized. */
	'logic.logout': { params: Type.Object({ token: Token }), result: Nothing, idempotent: true },
	/** Errors: user-unknown. */
	'logic.user': { params: Type.Object({ id: PositiveInt }), result: UserRef, idempotent: true },
	/** Authenticates a socket and gives the heads from which it follows its inbox and, when named, a room. Errors: unauthorized. */
	'logic.enter': {
		params: Type.Object({ token: Token, roomId: Type.Optional(RoomId) }),
		result: Type.Object({
			user: UserRef,
			session: Session,
			inboxHead: NonNegativeInt,
			roomHead: Type.Union([NonNegativeInt, Type.Null()]),
		}),
		idempotent: true,
	},
	/** An authenticated user joins a room: the head from which the socket follows it. */
	'logic.join': {
		params: Type.Object({ userId: PositiveInt, roomId: RoomId }),
		result: Type.Object({ head: NonNegativeInt }),
		idempotent: true,
	},
	/** Users came to or left these rooms (already in the route directory): tell the rooms. */
	'logic.membersChanged': {
		params: Type.Object({ roomIds: Type.Array(RoomId, { maxItems: 1000 }) }),
		result: Nothing,
		idempotent: true,
	},
	/** Appends a message to a room or a direct conversation. Accepted when answered. Errors: unauthorized, user-unknown, bad-request. */
	'logic.send': {
		params: Type.Object({
			sender: Sender,
			to: Type.Union([Type.Object({ roomId: RoomId }), Type.Object({ userId: PositiveInt })]),
			body: Body,
			ref: Ref,
		}),
		result: Type.Object({
			conv: ConversationKeySchema,
			seq: PositiveInt,
			id: Type.String(),
			at: NonNegativeInt,
		}),
		idempotent: true,
	},
	/** A page of a conversation for a reader, oldest first. `before` and `after` exclude; with neither, the newest page. Errors: unauthorized, not-found. */
	'logic.history': {
		params: Type.Object({
			token: Token,
			conv: ConversationKeySchema,
			after: Type.Optional(NonNegativeInt),
			before: Type.Optional(PositiveInt),
			limit: Type.Integer({ minimum: 1, maximum: maxHistoryPage }),
		}),
		result: Type.Object({ items: Type.Array(Message), more: Type.Boolean() }),
		idempotent: true,
	},
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
	/** Who is in a room now. Errors: unauthorized, unavailable. `announce` also tells the room over its sockets. */
	'logic.members': {
		params: Type.Object({ token: Token, roomId: RoomId, announce: Type.Boolean() }),
		result: RoomMembers,
		idempotent: true,
	},
	/** How many users are in a room now. Errors: unauthorized, unavailable. `announce` also tells the room over its sockets. */
	'logic.count': {
		params: Type.Object({ token: Token, roomId: RoomId, announce: Type.Boolean() }),
		result: Type.Object({ count: NonNegativeInt }),
		idempotent: true,
	},
	/** Which of these sessions are no longer valid: a connect server asks now and then, in case it missed a revocation. */
	'logic.endedSessions': {
		params: Type.Object({ ids: Type.Array(Type.String(), { maxItems: 1000 }) }),
		result: Type.Object({ ended: Type.Array(Type.String()) }),
		idempotent: true,
	},
} as const satisfies Record<`logic.${string}`, MethodDeclaration>;
