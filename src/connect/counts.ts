import { type CloseKey, closeCodes } from '../protocol/close-codes.ts';
import { type ErrorKey, errorKinds } from '../protocol/errors.ts';
import { clientFrames } from '../protocol/v2/client-frames.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';
import type { ClientFrame } from './codec.ts';
import type { Flush } from './flush.ts';

type Count = () => void;
type CountOf<Key extends string> = Readonly<Record<Key, Count>>;

/** What a connect server counts while it works. Bound once, so that a count costs an addition. */
export interface Counts {
	readonly received: CountOf<ClientFrame['type'] | 'undecodable'>;
	readonly refused: CountOf<ErrorKey>;
	readonly closed: CountOf<CloseKey | 'client'>;
	/** Feeds found to lack messages. */
	readonly gap: CountOf<'order' | 'heads'>;
	/** A message fetched because it did not come. */
	readonly repaired: Count;
	readonly caughtUp: CountOf<'return' | 'slow'>;
	/** A flush that has reached all readers. */
	readonly written: (flush: Flush) => void;
}

const gochatTypes = ['enter', 'sendToRoom', 'sendToUser'] as const;
const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[];

/** A count for each of some keys: all of them exist from the start, so that the first time shows as a change. */
const eachOf = <K extends string>(keys: readonly K[], count: (key: K) => Count): CountOf<K> =>
	Object.fromEntries(keys.map((key) => [key, count(key)])) as CountOf<K>;

/** Counts into the metrics of a gateway. */
export const createCounts = (metrics: Metrics): Counts => {
	const inOneFlush = metrics.histogram('tschat_flush_messages', {});
	const took = metrics.histogram('tschat_delivery_duration_seconds', {});
	const types = [...gochatTypes, ...keysOf(clientFrames), 'invalid', 'undecodable'] as const;
	return {
		received: eachOf(types, (type) => metrics.counter('tschat_frames_received_total', { type })),
		refused: eachOf(keysOf(errorKinds), (error) => metrics.counter('tschat_frames_refused_total', { error })),
		closed: eachOf([...keysOf(closeCodes), 'client' as const], (reason) =>
			metrics.counter('tschat_connection_closes_total', { reason }),
		),
		gap: eachOf(['order', 'heads'], (found_by) => metrics.counter('tschat_edge_gaps_total', { found_by })),
		repaired: metrics.counter('tschat_edge_repaired_messages_total', {}),
		caughtUp: eachOf(['return', 'slow'], (cause) => metrics.counter('tschat_catch_ups_total', { cause })),
		written: ({ messages, owner }) => {
			inOneFlush(messages.length);
			const now = Date.now();
			for (const { at, to } of messages) {
				// A direct message is in both users' inboxes, and counts in its recipient's. A clock behind logic's gives less than nothing.
				if (owner === undefined || to?.id === owner) took(Math.max(0, now - at) / 1000);
			}
		},
	};
};
