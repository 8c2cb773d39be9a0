import type { Chat } from '../client/index.ts';
import { roomOf } from '../protocol/logs.ts';
import type { Desk } from './desk.ts';
import { failedLine, messageLine, presenceLine, resetLine } from './format.ts';
import { dim, type Line, red } from './line.ts';
import type { Names } from './names.ts';
import type { Outgoing } from './outgoing.ts';
import { ReadNotices } from './read-notices.ts';
import type { Screen } from './screen.ts';
import { StateWords } from './state-words.ts';

interface Parts {
	readonly chat: Chat;
	readonly desk: Desk;
	readonly screen: Screen;
	readonly names: Names;
	readonly outgoing: Outgoing;
}

/** Shows what happens in a chat, from now on. */
export const listen = ({ chat, desk, screen, names, outgoing }: Parts): void => {
	const words = new StateWords();
	const reads = new ReadNotices();
	const note = (line: Line | undefined) => {
		if (line !== undefined) screen.note(line);
	};
	const tellState = () => {
		const text = words.tell(chat.state, outgoing.count);
		note(text === undefined ? undefined : [dim(text)]);
	};

	tellState();
	chat.on('state', tellState);
	chat.on('message', (message) => {
		const { conv, seq, from } = message;
		const own = from.id === names.self.id;
		const here = conv === desk.present;
		names.learn(from);
		screen.show(messageLine(message, { own, title: here ? undefined : names.titleOf(conv), now: new Date() }));
		if (here) desk.read(chat.conversation(conv));
		if (own) {
			outgoing.shown(conv, seq);
			reads.sent(conv, seq);
		}
	});
	chat.on('sent', (accepted) => {
		// Direct messages come always; those of a room only while it is followed.
		const { position } = chat.conversation(accepted.conv);
		outgoing.accepted(accepted, position ?? (roomOf(accepted.conv) === undefined ? 0 : undefined));
	});
	chat.on('failed', (failed) => {
		outgoing.refused(failed.ref);
		note(failedLine(failed, new Date()));
	});
	chat.on('receipt', (receipt) => {
		const direct = roomOf(receipt.conv) === undefined && receipt.user !== names.self.id;
		if (direct && reads.isNews(receipt)) note([dim(`read by ${names.nameOf(receipt.user)}`)]);
	});
	chat.on('presence', (presence) => {
		for (const user of presence.joined) names.learn(user);
		if (presence.conv === desk.present) note(presenceLine(presence, names.self));
	});
	chat.on('reset', (reset) => note(resetLine(reset, names)));
	chat.on('error', ({ code, message }) => {
		// That the connection was lost is told by the state.
		if (code !== 'unreachable') note([red(message)]);
	});
};
