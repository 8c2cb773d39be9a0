import type { ConversationKey, ConversationSummary, Message, Receipt, User } from 'tschat/client';
import { isRoom } from './keys.ts';

/** A conversation in the list. */
export interface Line {
	readonly conv: ConversationKey;
	/** Of a room that has one. */
	readonly name: string | null;
	readonly head: number;
	readonly read: number;
	readonly last: Message | null;
	/** The other user of a direct conversation, and how far that one has got. */
	readonly peer: (User & { readonly delivered: number; readonly read: number }) | null;
	/** When something last happened; ms since 1970. */
	readonly activeAt: number;
}

export type Lines = ReadonlyMap<ConversationKey, Line>;

export const unreadOf = ({ head, read }: Line): number => Math.max(0, head - read);

/** How a conversation is called; a room of nothing but a number by that. */
export const titleOf = ({ conv, name, peer }: Pick<Line, 'conv' | 'name' | 'peer'>): string =>
	peer?.name ?? `#${name ?? conv.slice(conv.indexOf(':') + 1)}`;

/** Of a line of the server's and the one here, each position is the further one. */
export const withSummary = (line: Line | undefined, summary: ConversationSummary): Line => {
	const { conv, name, last, peer } = summary;
	const newer = line?.last != null && line.last.seq > (last?.seq ?? 0) ? line.last : last;
	return {
		conv,
		name: name ?? line?.name ?? null,
		head: Math.max(summary.head, line?.head ?? 0),
		read: Math.max(summary.read, line?.read ?? 0),
		last: newer,
		peer,
		activeAt: newer === null ? (line?.activeAt ?? 0) : Date.parse(newer.at),
	};
};

/** A new message; whoever writes has read up to there. Undefined when it is of a conversation that is not in the list. */
export const withMessage = (line: Line | undefined, message: Message, me: string): Line | undefined => {
	const { conv, seq, from, at } = message;
	if (line === undefined) {
		if (isRoom(conv) || from.id === me) return undefined;
		const peer = { ...from, delivered: 0, read: 0 };
		return { conv, name: null, head: seq, read: seq - 1, last: message, peer, activeAt: Date.parse(at) };
	}
	if (seq <= line.head && seq <= (line.last?.seq ?? 0)) return line;
	const read = from.id === me ? Math.max(line.read, seq) : line.read;
	return { ...line, head: Math.max(line.head, seq), read, last: message, activeAt: Date.parse(at) };
};

/** How far somebody has got: oneself on another device, or the other one. */
export const withReceipt = (line: Line, { user, delivered, read }: Receipt, me: string): Line => {
	const own = user === me ? { read: Math.max(line.read, read) } : {};
	const { peer } = line;
	if (peer === null || peer.id !== user) return { ...line, ...own };
	const further = { delivered: Math.max(peer.delivered, delivered), read: Math.max(peer.read, read) };
	return { ...line, ...own, peer: { ...peer, ...further } };
};
