const conversation = Buffer.from('{"type":"message","conv":"room:');
const quote = 0x22;
const zero = 0x30;

/** The position that a v2 frame of a room's message tells (`…,"conv":"room:7","seq":41,…`), or 0 where it is another frame. */
export const positionOf = (bytes: Uint8Array, start: number, end: number): number => {
	for (let at = 0; at < conversation.length; at += 1) if (bytes[start + at] !== conversation[at]) return 0;
	let at = start + conversation.length;
	while (at < end && bytes[at] !== quote) at += 1;
	at += '","seq":'.length;
	let position = 0;
	for (; at < end; at += 1) {
		const digit = (bytes[at] ?? 0) - zero;
		if (digit < 0 || digit > 9) break;
		position = position * 10 + digit;
	}
	return position;
};
