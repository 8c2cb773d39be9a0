import type { FeedKey } from '../protocol/logs.ts';
import { feedsOf, QueueItem } from '../protocol/queue-items.ts';
import { compile } from '../protocol/validate.ts';

/** An item of the queue, decoded once for all servers that get it. */
export interface Delivery {
	readonly item: QueueItem;
	/** Its size in an RPC message, about. */
	readonly bytes: number;
	readonly feeds: readonly FeedKey[];
}

const validate = compile(QueueItem);

/** Throws `ChatError('bad-request')` or a `SyntaxError` for what is not an item. */
export const decode = (raw: string): Delivery => {
	const item = validate(JSON.parse(raw));
	return { item, bytes: Buffer.byteLength(raw), feeds: feedsOf(item) as FeedKey[] };
};
