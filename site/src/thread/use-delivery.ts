import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import type { Timeline } from '../chat/timeline.ts';
import { useChat } from '../chat/use-chat.ts';
import type { Delivery, Row } from './rows.ts';

interface Reached {
	readonly delivery: Delivery | null;
	readonly readers: number;
}

const others: Reached = { delivery: null, readers: 0 };

/** Tells of each row how far it has got, when it is one's own: by the other one's position, or by those who have read in a room. */
export const useDelivery = (conv: ConversationKey, timeline: Timeline): ((row: Row) => Reached) => {
	const { me, inbox } = useChat();
	const peer = useStore(inbox.store, ({ lines }) => lines.get(conv)?.peer);
	const reads = useStore(timeline.store, (state) => state.reads);

	return (row) => {
		if (row.kind === 'pending') return { delivery: row.pending.error === undefined ? 'sending' : 'failed', readers: 0 };
		const { from, seq } = row.message;
		if (from.id !== me.id) return others;
		if (peer != null && peer.id !== me.id) {
			return { delivery: seq <= peer.read ? 'read' : seq <= peer.delivered ? 'delivered' : 'sent', readers: 0 };
		}
		let readers = 0;
		for (const read of reads.values()) if (read >= seq) readers += 1;
		return { delivery: readers > 0 ? 'read' : 'sent', readers };
	};
};
