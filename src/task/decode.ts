import { ChatError } from '../protocol/errors.ts';
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

/** Far more than an item has. Fields that are not known are let through, and passed on. */
const maxDepth = 32;

const isWithin = (value: unknown, depth: number): boolean => {
	if (typeof value !== 'object' || value === null) return true;
	if (depth === 0) return false;
	for (const key in value) if (!isWithin((value as Record<string, unknown>)[key], depth - 1)) return false;
	return true;
};

/** JSON text can be nested deeper than it can be written again: such an item would fail every call that it goes out with. */
const notDeep = (value: unknown): unknown => {
	if (isWithin(value, maxDepth)) return value;
	throw new ChatError('bad-request', 'nested too deeply');
};

/** Throws `ChatError('bad-request')` or a `SyntaxError` for what is not an item. */
export const decode = (raw: string): Delivery => {
	const item = validate(notDeep(JSON.parse(raw)));
	return { item, bytes: Buffer.byteLength(raw), feeds: feedsOf(item) as FeedKey[] };
};
