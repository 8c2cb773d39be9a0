/**
 * A message as the page holds it, whichever way it came:
 * `{conv, seq, fromId, fromName, body, at}` with the id as a string and `at` as a Date.
 */

/** From a live frame of v1 (op 2 or 3). Its `createTime` is in the server's time zone, which we do not know; it has just come, so it is of now. */
export const messageOfFrame = (frame) => ({
	conv: frame.conv,
	seq: frame.seq,
	fromId: String(frame.fromUserId),
	fromName: frame.fromUserName,
	body: frame.msg,
	at: new Date(),
});

/** From a page of history. */
export const messageOfHistory = ({ conv, seq, from, body, at }) => ({
	conv,
	seq,
	fromId: from.id,
	fromName: from.name,
	body,
	at: new Date(at),
});

export const roomKey = (roomId) => `room:${roomId}`;

/** The direct conversation of two user ids (strings). */
export const directKey = (one, other) => (Number(one) < Number(other) ? `dm:${one}:${other}` : `dm:${other}:${one}`);

/** A name for a message that is about to be sent; a retry carries the same one. */
export const newRef = () =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
