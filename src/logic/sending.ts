import type { NewMessage } from '../ports/chat-store.ts';
import { directKey, roomKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { HandlersOf, ParamsOf } from '../protocol/rpc.ts';
import { checkBody, checkText } from './body.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Outbox } from './outbox.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

type SendParams = ParamsOf<'logic.send'>;

interface Parts {
	readonly sessions: Sessions;
	readonly users: Users;
	readonly newId: () => string;
	readonly groupCommit: GroupCommit;
	readonly outbox: Outbox;
}

/** Accepts messages: a message is answered when it is committed, and is on its way to its readers by then. */
export const createSending = (parts: Parts): Pick<HandlersOf<'logic'>, 'logic.send'> => {
	const { sessions, users, newId, groupCommit, outbox } = parts;

	/** A user named by a connect server was authenticated when the socket was; a token is looked up each time. */
	const senderOf = async (sender: SendParams['sender']): Promise<UserRef> =>
		'token' in sender ? (await sessions.require(sender.token)).user : sender.user;

	const addressOf = async (
		from: UserRef,
		to: SendParams['to'],
	): Promise<Pick<NewMessage, 'conv' | 'to' | 'inboxes'>> => {
		if ('roomId' in to) return { conv: roomKey(to.roomId), to: null, inboxes: [] };
		const receiver = await users.require(to.userId);
		const inboxes = from.id === receiver.id ? [from.id] : [from.id, receiver.id];
		return { conv: directKey(from.id, receiver.id), to: receiver, inboxes };
	};

	return {
		'logic.send': async ({ sender, to, body, ref }) => {
			checkBody(body);
			checkText('ref', ref);
			const { id, name } = await senderOf(sender);
			const from = { id, name };
			const address = await addressOf(from, to);
			const { message, feeds, repeated } = await groupCommit.commit({
				...address,
				id: newId(),
				from,
				kind: 'text',
				body,
				at: Date.now(),
				ref,
			});
			// Never waits for the queue: what is lost on the way is repaired from the log.
			if (!repeated) outbox.add({ type: 'message', feeds: [...feeds], message });
			return { conv: message.conv, seq: message.seq, id: message.id, at: message.at };
		},
	};
};
