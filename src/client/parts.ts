import type { ConversationKey } from '../protocol/logs.ts';
import type { ClientFrameOf } from '../protocol/v2/client-frames.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import type { UserV2 } from '../protocol/v2/values.ts';
import type { BackoffOptions } from './backoff.ts';
import type { Emitter } from './emitter.ts';
import type { TschatError } from './errors.ts';
import type { ChatEvents } from './events.ts';
import { Feeds } from './feeds.ts';
import { Inbox } from './inbox.ts';
import { Marks } from './marks.ts';
import type { PageAfter } from './message-reader.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';
import type { Wire } from './wire.ts';

/** What the parts need of the client that they make up. */
export interface Owner {
	readonly events: Emitter<ChatEvents>;
	/** Undefined before the first welcome, unless it was told. */
	user(): UserV2 | undefined;
	/** There is something to save. */
	changed(): void;
	/** Something went wrong that nobody waits for. */
	failed(error: unknown): void;
	/** Everything that was missed has come. */
	resumed(): void;
	/** The connection has lost something: a new one is made, which resumes. */
	renew(reason: string): void;
	/** The server says not to come back. */
	stop(error: TschatError): void;
}

/** What a client is made of, around its connection. */
export interface Parts {
	readonly owner: Owner;
	readonly wire: Wire;
	readonly requests: Requests;
	readonly outbox: Outbox;
	readonly marks: Marks;
	readonly feeds: Feeds;
	readonly inbox: Inbox;
	readonly pageOf: (conv: ConversationKey) => PageAfter;
	readonly conversations: (page: ConversationQuery) => Promise<ServerFrameOf<'conversations'>>;
}

type ConversationQuery = Pick<ClientFrameOf<'conversations'>, 'after' | 'limit'>;

interface Settings {
	readonly backoff: BackoffOptions;
	readonly maxUnsent: number;
	readonly maxGap: number;
}

/** The largest pages that a server gives. */
const historyPage = 200;
const conversationPage = 500;

/** Puts the parts of a client together. */
export const createParts = (wire: Wire, owner: Owner, { backoff, maxUnsent, maxGap }: Settings): Parts => {
	const { events, changed, failed } = owner;
	const requests = new Requests(wire, backoff);
	const marks = new Marks(wire);
	const pageOf: Parts['pageOf'] = (conv) => (after) =>
		requests.ask(
			'messages',
			(ref) => ({ type: 'history', ref, conv, after, limit: historyPage }),
			({ items, more }) => ({ items, more }),
		);
	const conversations: Parts['conversations'] = (page) =>
		requests.ask(
			'conversations',
			(ref) => ({ type: 'conversations', ref, ...page }),
			(answer) => answer,
		);
	const outbox = new Outbox({
		wire,
		backoff,
		maxUnsent,
		sent: (accepted) => {
			changed();
			events.emit('sent', accepted);
		},
		failed: (unsent, error) => {
			changed();
			events.emit('failed', { ...unsent, error });
		},
	});
	const feeds: Feeds = new Feeds({
		pageOf,
		maxGap,
		failed,
		emitted: (message) => {
			inbox.settle();
			changed();
			// Whoever sends has read up to the own message: the server knows.
			if (message.from.id !== owner.user()?.id) marks.delivered(message.conv, message.seq);
			events.emit('message', message);
		},
		skipped: (conv, { from, to }) => events.emit('reset', { conv, from, to }),
		restarted: (conv) => marks.forget(conv),
	});
	const inbox = new Inbox({
		feeds,
		conversations: (after) => conversations({ limit: conversationPage, ...(after === undefined ? {} : { after }) }),
		skipped: ({ from, to }) => events.emit('reset', { conv: 'inbox', from, to }),
		lost: () => owner.renew('a direct message was lost'),
		failed,
	});
	return { owner, wire, requests, outbox, marks, feeds, inbox, pageOf, conversations };
};
