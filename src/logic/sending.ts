import type { ChatStore, NewMessage } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import { directKey, roomKey } from '../protocol/logs.ts';
import type { FeedPosition, Message, UserRef } from '../protocol/message.ts';
import type { MessageItem } from '../protocol/queue-items.ts';
import type { HandlersOf, ParamsOf } from '../protocol/rpc.ts';
import { inSpan, traceparent } from '../runtime/tracing/spans.ts';
import { checkBody, checkText } from './body.ts';
import type { ResolveCaller } from './callers.ts';
import type { RequireOpen } from './conversation-access.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Mutes } from './mutes.ts';
import type { Outbox } from './outbox.ts';
import { receiptOf } from './receipts.ts';
import type { Users } from './users.ts';

interface Parts {
	readonly resolveCaller: ResolveCaller;
	readonly requireOpen: RequireOpen;
	readonly users: Users;
	readonly mutes: Mutes;
	readonly store: Pick<ChatStore, 'messageByRef'>;
	readonly newId: () => string;
	readonly groupCommit: GroupCommit;
	readonly outbox: Outbox;
}

type Address = Pick<NewMessage, 'conv' | 'to' | 'inboxes'>;

const toRoom = (roomId: number): Address => ({ conv: roomKey(roomId), to: null, inboxes: [] });

const toUser = (from: UserRef, to: UserRef): Address => ({
	conv: directKey(from.id, to.id),
	to,
	inboxes: from.id === to.id ? [from.id] : [from.id, to.id],
});

const itemOf = (feeds: FeedPosition[], message: Message): MessageItem => {
	const trace = traceparent();
	if (trace === undefined) return { type: 'message', feeds, message };
	return { type: 'message', feeds, message, traceparent: trace };
};

/** Accepts messages: a message is answered when it is committed, and is on its way to its readers by then. */
export const createSending = (parts: Parts): Pick<HandlersOf<'logic'>, 'logic.send'> => {
	const { resolveCaller, requireOpen, users, mutes, store, newId, groupCommit, outbox } = parts;

	const addressOf = async (from: UserRef, to: ParamsOf<'logic.send'>['to']): Promise<Address> => {
		if ('roomId' in to) return toRoom(to.roomId);
		if ('userId' in to) return toUser(from, await users.require(to.userId));
		const open = await requireOpen(to.conv, from.id);
		return 'roomId' in open ? toRoom(open.roomId) : toUser(from, open.other);
	};

	return {
		'logic.send': async ({ sender, to, body, ref }) => {
			checkBody(body);
			checkText('ref', ref);
			const from = await resolveCaller(sender);
			const address = await addressOf(from, to);
			const listed = mutes.current();
			if (listed !== undefined) await listed;
			const refusal = mutes.refusal(from.id);
			if (refusal !== undefined) {
				// What was accepted before the mute stays so: a retry gets the first answer.
				const earlier = await store.messageByRef(from.id, ref);
				if (earlier?.conv !== address.conv || earlier.body !== body) throw refusal;
				return { conv: earlier.conv, seq: earlier.seq, id: earlier.id, at: earlier.at };
			}
			const { message, feeds, repeated, readOthers } = await inSpan('commit', () =>
				groupCommit.commit({
					// Not spread: see `messageAt` of the store's append.
					conv: address.conv,
					to: address.to,
					inboxes: address.inboxes,
					id: newId(),
					from,
					kind: 'text',
					body,
					at: Date.now(),
					ref,
					// gochat's clients, who name rooms and users, know no reading.
					marksRead: 'conv' in to,
				}),
			);
			// Answering for the other message would lose this one.
			if (repeated && (message.conv !== address.conv || message.body !== body)) throw new ChatError('ref-taken');
			// Never waits for the queue: what is lost on the way is repaired from the log.
			if (!repeated) outbox.add(itemOf([...feeds], message));
			const { conv, seq, id, at } = message;
			// A message after an own one tells nobody anything.
			if (readOthers) outbox.add(receiptOf({ userId: from.id, conv, read: seq, delivered: seq }, false));
			return { conv, seq, id, at };
		},
	};
};
