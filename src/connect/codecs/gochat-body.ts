import { op } from '../../protocol/gochat-v1.ts';
import { roomOf } from '../../protocol/logs.ts';
import type { Message } from '../../protocol/message.ts';
import type { RoomItem } from '../../protocol/queue-items.ts';

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
let formattedSecond = -1;
let formatted = '';

/** "YYYY-MM-DD hh:mm:ss" in local time. Messages of one second share the string: formatting costs as much as the rest of the encoding. */
const createTime = (at: number): string => {
	const second = Math.floor(at / 1000);
	if (second !== formattedSecond) {
		const date = new Date(at);
		formattedSecond = second;
		formatted =
			`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` +
			` ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
	}
	return formatted;
};

/** A message as gochat's clients read it (op 2 or 3), with `id`, `seq` and `conv` besides. */
export const messageBody = (message: Message): string => {
	const roomId = roomOf(message.conv);
	return JSON.stringify({
		code: 0,
		msg: message.body,
		fromUserId: message.from.id,
		fromUserName: message.from.name,
		toUserId: message.to?.id ?? 0,
		toUserName: message.to?.name ?? '',
		roomId: roomId ?? 0,
		op: roomId === undefined ? op.direct : op.room,
		createTime: createTime(message.at),
		id: message.id,
		seq: message.seq,
		conv: message.conv,
	});
};

export const countBody = (item: RoomItem): string =>
	JSON.stringify({ op: op.count, count: item.count, roomId: item.roomId });

/** The member list (op 5), or the count (op 4) where there is no list. */
export const roomBody = (item: RoomItem): string =>
	item.members === null
		? countBody(item)
		: JSON.stringify({ op: op.roomInfo, roomId: item.roomId, count: item.count, roomUserInfo: item.members });
