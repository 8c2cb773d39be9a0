import type { Message } from 'tschat/client';
import type { Pending } from '../chat/timeline.ts';
import { sameDay } from './message-time.ts';

/** What stands in the list: a message of the conversation, or one's own on its way there. */
export type Row =
	| { readonly kind: 'message'; readonly message: Message }
	| { readonly kind: 'pending'; readonly pending: Pending };

/** Messages of one sender that follow each other this quickly stand under one name. */
const groupMs = 5 * 60_000;

export const rowsOf = (messages: readonly Message[], pending: readonly Pending[]): Row[] => [
	...messages.map((message): Row => ({ kind: 'message', message })),
	...pending.map((waiting): Row => ({ kind: 'pending', pending: waiting })),
];

/** The same before and after a message is accepted, so that its place on the page is, too. */
export const keyOf = (row: Row): string =>
	row.kind === 'pending' ? row.pending.ref : (row.message.ref ?? row.message.id);

export const timeOf = (row: Row): number => (row.kind === 'pending' ? row.pending.at : Date.parse(row.message.at));

const senderOf = (row: Row, me: string): string => (row.kind === 'pending' ? me : row.message.from.id);

/** Whether a row begins a new day: midnight in the reader's zone lies between it and the one before. */
export const beginsDay = (row: Row, before: Row | undefined): boolean =>
	before === undefined || !sameDay(timeOf(row), timeOf(before));

/** Whether a row stands under the name that the one before it has. */
export const continues = (row: Row, before: Row | undefined, me: string): boolean =>
	before !== undefined &&
	senderOf(row, me) === senderOf(before, me) &&
	!beginsDay(row, before) &&
	timeOf(row) - timeOf(before) < groupMs;

/** How far a message of one's own has got. */
export type Delivery = 'sending' | 'failed' | 'sent' | 'delivered' | 'read';
