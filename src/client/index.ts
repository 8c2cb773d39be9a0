/** The client of tschat, for browsers and Node: the package export `tschat/client`. */
export type { ConversationKey, DirectKey, RoomKey } from '../protocol/logs.ts';
export type { ConversationV2 as ConversationSummary, UserV2 as User } from '../protocol/v2/values.ts';
export {
	type AccountAccess,
	changePassword,
	endOtherSessions,
	endSession,
	listSessions,
	type PasswordChange,
	type Session,
	signOut,
} from './account.ts';
export type { BackoffOptions } from './backoff.ts';
export type { Chat, ConversationPage } from './chat.ts';
export { type ConnectOptions, connect } from './connect.ts';
export type { Conversation, Joined, Members, Page, Room } from './conversation.ts';
export { TschatError } from './errors.ts';
export type {
	ChatEvents,
	Failed,
	MemberReceipt,
	Membership,
	Message,
	Presence,
	Receipt,
	Reset,
	RoomMembers,
	Typing,
} from './events.ts';
export type { StorageLike, WebSocketConstructor, WebSocketLike } from './hosts.ts';
export { type Credentials, findUser, register, type SignedIn, signIn } from './http.ts';
export type { ChatState } from './link.ts';
export { type Me, me } from './me.ts';
export { type NamedRoom, openRoom } from './open-room.ts';
export type { Accepted, Unsent } from './outbox.ts';
export { type ClusterStatus, clusterStatus } from './status.ts';
export { memoryStore, type Saved, type Store, webStorage } from './store.ts';
