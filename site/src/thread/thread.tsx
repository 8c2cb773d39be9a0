import { type KeyboardEvent, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { useChat } from '../chat/use-chat.ts';
import { MessageList } from './message-list.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import styles from './thread.module.css';
import { ThreadComposer } from './thread-composer.tsx';
import { TypingLine } from './typing-line.tsx';

/** Page Up and Page Down move the messages also while one writes; in a draft of many lines the caret stays where it is. */
const pageThrough = (event: KeyboardEvent<HTMLElement>): void => {
	const { key, target, currentTarget } = event;
	if ((key !== 'PageUp' && key !== 'PageDown') || !(target instanceof HTMLTextAreaElement)) return;
	const list = currentTarget.querySelector('[role=log]');
	if (list === null || target.scrollHeight > target.clientHeight + 1) return;
	event.preventDefault();
	list.scrollBy({ top: (key === 'PageUp' ? -0.9 : 0.9) * list.clientHeight });
};

interface Props {
	readonly conv: ConversationKey;
	readonly title: string;
	/** Whether something else stands over it. */
	readonly covered: boolean;
}

/** One conversation: its messages, who is typing, and where one writes. */
export const Thread = ({ conv, title, covered }: Props) => {
	const { t } = useTranslation();
	const model = useChat();
	const timeline = useMemo(() => model.open(conv), [model, conv]);
	// Whoever comes back finds a line above what has come meanwhile.
	useEffect(() => () => timeline.lookAway(model.inbox.line(conv)?.read), [model, conv, timeline]);
	const loaded = useStore(timeline.store, (state) => state.loaded);
	const stretch = useStore(timeline.store, (state) => state.stretch);
	const failed = useStore(timeline.store, (state) => state.failed);
	// What is written before the first page has come is seen at once: without a server that may take a while.
	const shown = useStore(timeline.store, (state) => state.loaded || state.pending.length > 0);
	const empty = useStore(timeline.store, ({ messages, pending }) => messages.length + pending.length === 0);
	return (
		<section className={styles.thread} aria-label={t('thread.messages')} onKeyDown={pageThrough}>
			{shown ? (
				<MessageList key={stretch} conv={conv} timeline={timeline} covered={covered} />
			) : (
				<div className={styles.place}>
					<p className={styles.notice}>{t('app.loading')}</p>
				</div>
			)}
			{loaded && failed && (
				<div className={styles.failed} role="alert">
					<p>{t('thread.notLoaded')}</p>
					<button type="button" className="button" onClick={() => void timeline.again()}>
						{t('app.tryAgain')}
					</button>
				</div>
			)}
			{loaded && empty && !failed && <p className={styles.notice}>{t('thread.empty')}</p>}
			<NewMessageVoice timeline={timeline} />
			<TypingLine conv={conv} />
			<ThreadComposer conv={conv} title={title} />
		</section>
	);
};
