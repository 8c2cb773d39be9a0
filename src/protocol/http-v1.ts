import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { Body, Password, Ref, RoomId, Token, UserName } from './limits.ts';
import { NonNegativeInt, PositiveInt } from './message.ts';

/** The values of `code` in every answer; the HTTP status is always 200. */
export const v1Codes = { success: 0, failure: 1, sessionError: 40000 } as const;

/** gochat's answer to a route or method that does not exist. */
export const unknownRouteMessage = 'please check request url !';

interface V1Route {
	readonly summary: string;
	readonly body: TObject;
	readonly data: TSchema;
	/** `message` on success. */
	readonly message: string;
	/** Whether `authToken` is checked before everything else. */
	readonly session: boolean;
}

const text = (example: string) =>
	Type.String({ minLength: 1, maxLength: 256, description: '1 to 256 characters', examples: [example] });
const AuthToken = Type.Unsafe<string>({ ...Token, description: 'The token that register or login gave' });
const Room = Type.Unsafe<number>({ ...RoomId, description: 'a room number, from 1', examples: [1] });
const Msg = Type.Unsafe<string>({ ...Body, description: '1 to 8192 bytes of text', examples: ['hello'] });
/** Extra to gochat: a request repeated with the same `ref` is one message. */
const OptionalRef = Type.Optional(
	Type.Unsafe<string>({ ...Ref, description: 'Your own id for this message: a repetition is not sent twice' }),
);
/** At most 15 digits after leading zeros: always a safe integer. */
const ReceiverId = Type.String({ pattern: '^0{0,9}[1-9][0-9]{0,14}$', description: 'A user id, in digits' });
const SignIn = Type.String({ description: 'A session token' });
const InRoom = Type.Object({ authToken: AuthToken, roomId: Room });

/** gochat's HTTP routes: all are POST, all answer 200 with `{code, message, data}`. */
export const v1Routes = {
	'/user/register': {
		summary: 'Make a user',
		body: Type.Object({
			userName: Type.Unsafe<string>({ ...UserName, examples: ['ada'] }),
			passWord: Type.Unsafe<string>({ ...Password, examples: ['correct horse'] }),
		}),
		data: SignIn,
		message: 'register success',
		session: false,
	},
	'/user/login': {
		summary: 'Start a session',
		body: Type.Object({ userName: text('demo'), passWord: text('111111') }),
		data: SignIn,
		message: 'login success',
		session: false,
	},
	'/user/checkAuth': {
		summary: 'Whose token it is',
		body: Type.Object({ authToken: AuthToken }),
		data: Type.Object({ userId: PositiveInt, userName: Type.String() }),
		message: 'auth success',
		session: true,
	},
	'/user/logout': {
		summary: 'End the session and close its sockets',
		body: Type.Object({ authToken: AuthToken }),
		data: Type.Null(),
		message: 'logout ok!',
		session: true,
	},
	'/push/push': {
		summary: 'Send a direct message',
		body: Type.Object({
			authToken: AuthToken,
			msg: Msg,
			toUserId: ReceiverId,
			roomId: Type.Integer({ description: 'Required by gochat, of no meaning' }),
			ref: OptionalRef,
		}),
		data: Type.Null(),
		message: 'ok',
		session: true,
	},
	'/push/pushRoom': {
		summary: 'Send a message to a room',
		body: Type.Object({ authToken: AuthToken, msg: Msg, roomId: Room, ref: OptionalRef }),
		data: Type.Literal(''),
		message: 'ok',
		session: true,
	},
	'/push/count': {
		summary: 'How many users are in a room; the room is told as well (op 4)',
		body: InRoom,
		data: Type.Object({ count: NonNegativeInt }),
		message: 'ok',
		session: true,
	},
	'/push/getRoomInfo': {
		summary: 'Who is in a room; the room is told as well (op 5)',
		body: InRoom,
		data: Type.Object({
			roomId: PositiveInt,
			count: NonNegativeInt,
			roomUserInfo: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
				description: 'Names by user id; null in a room too large for a list',
			}),
		}),
		message: 'ok',
		session: true,
	},
} as const satisfies Record<string, V1Route>;

export type V1Path = keyof typeof v1Routes;

/** A function for each route: from a valid body, and whom limits count it for, to the answer's `data`. */
export type V1Handlers = {
	[P in V1Path]: (
		body: Static<(typeof v1Routes)[P]['body']>,
		counted: { readonly client?: string },
	) => Promise<Static<(typeof v1Routes)[P]['data']>>;
};
