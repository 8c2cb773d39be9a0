import type { ConversationKey } from '../protocol/logs.ts';
import type { ServerFrameOf, ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import { TschatError } from './errors.ts';
import type { Parts } from './parts.ts';

/** What each frame of the server leads to. Those of a type that is not known are ignored: a newer server may send them. */
export const receive = (frame: ServerFrameV2, parts: Parts): void => {
	const { owner, requests, outbox, marks, feeds, inbox } = parts;
	switch (frame.type) {
		case 'message':
			received(frame, parts);
			return;
		case 'sent': {
			const { type, ...accepted } = frame;
			outbox.accepted(accepted);
			return;
		}
		case 'joined':
		case 'left':
		case 'messages':
		case 'receipts':
		case 'online':
		case 'conversations':
			requests.answered(frame);
			return;
		case 'members': {
			const { type, ref, ...members } = frame;
			if (ref === undefined) owner.events.emit('members', members);
			else requests.answered(frame);
			return;
		}
		case 'reset':
			if (frame.conv === 'inbox') inbox.reset(frame.head);
			else feeds.reset(frame.conv, frame.head);
			return;
		case 'receipt': {
			const { type, ...receipt } = frame;
			if (receipt.user === owner.user()?.id) marks.known(receipt.conv, receipt);
			owner.events.emit('receipt', receipt);
			return;
		}
		case 'membership': {
			const { type, ...membership } = frame;
			if (!membership.joined) marks.forget(membership.conv);
			owner.events.emit('membership', membership);
			return;
		}
		case 'presence': {
			const { type, ...presence } = frame;
			owner.events.emit('presence', presence);
			return;
		}
		case 'typing': {
			const { type, ...typing } = frame;
			owner.events.emit('typing', typing);
			return;
		}
		case 'resumed':
			owner.resumed();
			return;
		case 'pong':
			ponged(frame, parts);
			return;
		case 'revoked':
			owner.stop(new TschatError('stopped', 'the session has ended'));
			return;
		case 'error':
			refused(frame, parts);
			return;
		default:
	}
};

/** One's own message comes back on all one's devices: as good as the answer, should that one be lost. */
const received = (frame: ServerFrameOf<'message'>, { outbox, feeds, inbox }: Parts): void => {
	const { type, inbox: place, ...message } = frame;
	const { ref, conv, id, seq, at } = message;
	if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(place ?? 0)) throw new TypeError('not a position');
	if (ref !== undefined) outbox.accepted({ ref, conv, id, seq, at });
	if (place === undefined) feeds.accept(message);
	else inbox.accept(message, place);
};

/** What was lost on the way shows: what is asked is still open, and the connection was given more than is here. */
const ponged = ({ ref, heads = {}, inbox: given }: ServerFrameOf<'pong'>, parts: Parts): void => {
	const { owner, requests, outbox, feeds, inbox } = parts;
	requests.overdue(Number(ref));
	outbox.overdue(Number(ref));
	for (const [conv, head] of Object.entries(heads)) void feeds.catchUp(conv as ConversationKey, head);
	if (given === undefined) return;
	// All is told of that is not being resumed any more.
	if (feeds.rooms().every((conv) => heads[conv] !== undefined)) owner.resumed();
	inbox.given(given);
};

const refused = (
	{ ref, code, message, retryable, retryAfter, until }: ServerFrameOf<'error'>,
	{ owner, outbox, requests, marks }: Parts,
): void => {
	const error = new TschatError(code, message, { retryable, retryAfter, until });
	if (code === 'unauthorized') owner.stop(error);
	else if (ref === undefined || ![outbox, requests, marks].some((part) => part.refused(ref, error)))
		owner.failed(error);
};
