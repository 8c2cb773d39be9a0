import type { ConversationSummary, Failed, Joined, Members, Message, Presence, Reset, User } from '../client/index.ts';
import { bold, cyan, dim, type Line, red } from './line.ts';
import type { Names } from './names.ts';

/** What is shown of things that happen, or were asked for. Nothing here knows of a terminal. */

const two = (number: number): string => String(number).padStart(2, '0');

/** In the zone of the reader; with its date unless that is today's. */
const timeOf = (at: string, now: Date): string => {
	const time = new Date(at);
	const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
	if (time.toDateString() === now.toDateString()) return clock;
	return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
};

/** `title` is told of a message that is not of the present conversation. */
export const messageLine = (
	{ at, from, body }: Message,
	{ own, title, now }: { own: boolean; title?: string | undefined; now: Date },
): Line => [
	dim(timeOf(at, now)),
	' ',
	...(title === undefined ? [] : [cyan(title), ' ']),
	own ? dim(from.name) : bold(from.name),
	`  ${body}`,
];

const listed = (users: readonly User[]): string => users.map(({ name }) => name).join(', ');

/** Undefined when nobody else came or went, or nobody is told in a room so large. */
export const presenceLine = ({ joined, left, count }: Presence, self: User): Line | undefined => {
	const others = (users: readonly User[]) => users.filter(({ id }) => id !== self.id);
	const moves = [
		['came', others(joined)],
		['left', others(left)],
	] as const;
	const told = moves.flatMap(([verb, users]) => (users.length === 0 ? [] : [`${listed(users)} ${verb}`]));
	return told.length === 0 ? undefined : [dim(`${told.join(', ')} (${count} here)`)];
};

export const membersLine = ({ items, count }: Members): Line =>
	items === null || items.length === 0 ? [`${count} here`] : [`${count} here: ${listed(items)}`];

export const joinedLine = (title: string, { head, read, members, count }: Joined): Line => {
	const who = count === null || count === 0 ? '' : `, ${membersLine({ items: members, count }).join('')}`;
	const unread = head - read;
	return [dim(`joined ${title}${who}${unread === 0 ? '' : `; ${unread} unread: /history ${Math.min(unread, 200)}`}`)];
};

/** One line a conversation; `*` is before the present one. */
export const conversationLines = (
	items: readonly ConversationSummary[],
	{ names, present, now }: { names: Names; present: string | undefined; now: Date },
): Line[] => {
	const width = Math.max(0, ...items.map(({ conv }) => names.titleOf(conv).length));
	return items.map(({ conv, unread, last }) => [
		conv === present ? '* ' : '  ',
		cyan(names.titleOf(conv).padEnd(width)),
		unread === 0 ? '' : bold(`  ${unread} unread`),
		...(last === null ? [] : [dim(`  ${timeOf(last.at, now)} ${last.from.name}: `), last.body]),
	]);
};

/** Undefined when all is read. */
export const unreadLine = (items: readonly ConversationSummary[], names: Names): Line | undefined => {
	const unread = items.filter((item) => item.unread > 0);
	if (unread.length === 0) return undefined;
	return [dim(`unread: ${unread.map(({ conv, unread }) => `${names.titleOf(conv)} ${unread}`).join(', ')}`)];
};

/** Until when a ban or a mute lasts; empty when it has no end, or is none. */
export const endWords = (until: string | undefined, now: Date): string =>
	until === undefined ? '' : ` until ${timeOf(until, now)}`;

export const failedLine = ({ body, error }: Pick<Failed, 'body' | 'error'>, now: Date): Line => [
	red(`not sent: ${body}`),
	` (${error.message}${endWords(error.until, now)})`,
];

export const resetLine = ({ conv, from, to }: Reset, names: Names): Line => {
	if (conv === 'inbox') return [dim('many direct messages came meanwhile: /rooms tells of whom')];
	const title = names.titleOf(conv);
	return [dim(to < from ? `${title} begins anew` : `${to - from + 1} messages of ${title} are not shown: /history`)];
};
