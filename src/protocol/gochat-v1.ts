import Type from 'typebox';
import { Token } from './limits.ts';

/** gochat's operation codes. */
export const op = { direct: 2, room: 3, count: 4, roomInfo: 5, enter: 6 } as const;

/** The body of the heartbeat packet that a TCP server sends; it is not JSON. */
export const heartbeatBody = 'ping msg';

/** A room to join, or a number below 1 (gochat's "no room") for none. */
const RoomChoice = Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER });

/** The only frame of a WebSocket client: authenticates and joins. */
export const EnterFrame = Type.Object({ authToken: Token, roomId: Type.Optional(RoomChoice) });

/**
 * Packets of a TCP client. Whom a message is from is never read: it is the user of the socket. Whether the message can
 * be sent is for logic to say: one that cannot is no reason to close the socket.
 */
const TcpEnter = Type.Object({
	op: Type.Literal(op.enter),
	authToken: Token,
	roomId: Type.Optional(RoomChoice),
});
const TcpRoomMessage = Type.Object({
	op: Type.Literal(op.room),
	msg: Type.String(),
	roomId: Type.Optional(RoomChoice),
});
const TcpDirectMessage = Type.Object({
	op: Type.Literal(op.direct),
	msg: Type.String(),
	toUserId: Type.Integer(),
});
export const TcpFrame = Type.Union([TcpEnter, TcpRoomMessage, TcpDirectMessage]);
