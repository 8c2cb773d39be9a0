import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ListRange, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import type { Timeline } from '../chat/timeline.ts';
import { useChat } from '../chat/use-chat.ts';
import { useToday } from '../ui/use-today.ts';
import { JumpToLatest, JumpToNew } from './jump-to-latest.tsx';
import styles from './message-list.module.css';
import { MessageRow } from './message-row.tsx';
import { beginsDay, continues, keyOf, type Row, rowsOf } from './rows.ts';
import { useAttention } from './use-attention.ts';
import { useDelivery } from './use-delivery.ts';
import { nearEnd, useEnd } from './use-end.ts';

interface Props {
	readonly conv: ConversationKey;
	readonly timeline: Timeline;
	/** Whether something stands over it: what is not seen is not read. */
	readonly covered: boolean;
}

/** Rendered beyond what is seen, in pixels; little below, for what is rendered there counts as read. */
const overscan = { top: 800, bottom: 200 };
/**
 * Older messages are fetched while so many rows are left above: the list does not correct its place by the height of rows that
 * are drawn for the first time in the frame in which older ones come.
 */
const fetchAhead = 40;

/** The messages: only those in sight are in the document, and the place stays while more come above or below. */
export const MessageList = ({ conv, timeline, covered }: Props) => {
	const { t } = useTranslation();
	const { me, inbox, refused } = useChat();
	const { messages, pending, newFrom, head, atStart } = useStore(timeline.store);
	const all = useMemo(() => rowsOf(messages, pending), [messages, pending]);
	// The oldest that is held only tells what the next one follows, until it is known what it follows itself: so no row
	// loses its name or its day, and its height with it, when older ones come.
	const hidden = atStart || messages.length < 2 ? 0 : 1;
	const rows = useMemo(() => all.slice(hidden), [all, hidden]);
	const first = messages[hidden]?.seq ?? head + 1;
	const last = messages.at(-1)?.seq ?? 0;
	const list = useRef<VirtuosoHandle>(null);
	const seenTo = useRef(0);
	/** Whether the line "new messages" is out of sight above. */
	const [newAbove, setNewAbove] = useState(false);
	const attentive = useAttention() && !covered;
	const today = useToday();
	const deliveryOf = useDelivery(conv, timeline);

	const read = useCallback(() => {
		if (attentive && seenTo.current > 0) inbox.read(conv, seenTo.current);
	}, [attentive, inbox, conv]);
	useEffect(read, [read]);
	useEffect(() => {
		if (attentive) timeline.lookBack();
		else timeline.lookAway(inbox.line(conv)?.read);
	}, [attentive, timeline, inbox, conv]);

	const inSight = ({ startIndex, endIndex }: ListRange) => {
		if (startIndex - first < fetchAhead) void timeline.loadOlder();
		setNewAbove(newFrom !== null && newFrom >= first && newFrom < startIndex);
		seenTo.current = Math.max(seenTo.current, Math.min(endIndex, last));
		read();
	};
	// What is unread begins a little below the upper edge.
	const [start] = useState(() =>
		newFrom !== null && newFrom >= first && newFrom <= last
			? { index: newFrom - first, align: 'start' as const, offset: -64 }
			: { index: 'LAST' as const, align: 'end' as const },
	);
	const { atEnd, moved, grown, scroller, handlers } = useEnd({ timeline, list, begins: start.index === 'LAST', rows });
	const jumpToNew = () => {
		if (newFrom !== null) list.current?.scrollToIndex({ index: newFrom - first, align: 'start', offset: -64 });
	};
	const jump = () => {
		void timeline.toLatest().then(() => list.current?.scrollToIndex({ index: 'LAST', align: 'end' }));
	};
	const retry = useCallback(
		(ref: string) => {
			refused.remove(ref);
			timeline.retry(ref);
		},
		[refused, timeline],
	);
	const discard = useCallback(
		(ref: string) => {
			refused.remove(ref);
			timeline.discard(ref);
		},
		[refused, timeline],
	);
	const rendered = (index: number, row: Row) => {
		const before = all[index - first + hidden - 1];
		const seq = row.kind === 'message' ? row.message.seq : undefined;
		return (
			<MessageRow
				row={row}
				me={me}
				continued={seq !== newFrom && continues(row, before, me.id)}
				newDay={beginsDay(row, before)}
				today={today}
				firstNew={seq !== undefined && seq === newFrom}
				{...deliveryOf(row)}
				onRetry={retry}
				onDiscard={discard}
			/>
		);
	};

	return (
		<>
			{newAbove && <JumpToNew onJump={jumpToNew} />}
			<Virtuoso
				ref={list}
				scrollerRef={scroller}
				className={styles.list}
				role="log"
				aria-live="off"
				aria-label={t('thread.messages')}
				data={rows}
				firstItemIndex={first}
				initialTopMostItemIndex={start}
				increaseViewportBy={overscan}
				atBottomThreshold={nearEnd}
				alignToBottom
				// Heights count in the frame in which they are drawn: a frame later the place has jumped already.
				skipAnimationFrameInResizeObserver
				computeItemKey={(_, row) => keyOf(row)}
				atBottomStateChange={moved}
				totalListHeightChanged={grown}
				{...handlers}
				rangeChanged={inSight}
				startReached={() => void timeline.loadOlder()}
				endReached={() => void timeline.loadNewer()}
				itemContent={rendered}
			/>
			{(!atEnd || last < head) && <JumpToLatest conv={conv} onJump={jump} />}
		</>
	);
};
