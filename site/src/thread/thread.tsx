import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { useChat } from '../chat/use-chat.ts';
import { MessageList } from './message-list.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import styles from './thread.module.css';
import { ThreadComposer } from './thread-composer.tsx';
import { TypingLine } from './typing-line.tsx';

interface Props {
	readonly conv: ConversationKey;
	readonly title: string;
}

/** One conversation: its messages, who is typing, and where one writes. */
export const Thread = ({ conv, title }: Props) => {
	const { t } = useTranslation();
	const model = useChat();
	const timeline = useMemo(() => model.timeline(conv), [model, conv]);
	// Whoever comes back finds a line above what has come meanwhile.
	useEffect(() => () => timeline.lookAway(model.inbox.line(conv)?.read), [model, conv, timeline]);
	const loaded = useStore(timeline.store, (state) => state.loaded);
	const stretch = useStore(timeline.store, (state) => state.stretch);
	const empty = useStore(timeline.store, ({ messages, pending }) => messages.length + pending.length === 0);
	return (
		<section className={styles.thread} aria-label={t('thread.messages')}>
			{loaded ? (
				<MessageList key={stretch} conv={conv} timeline={timeline} />
			) : (
				<p className={styles.notice}>{t('app.loading')}</p>
			)}
			{loaded && empty && <p className={styles.notice}>{t('thread.empty')}</p>}
			<NewMessageVoice timeline={timeline} />
			<TypingLine conv={conv} />
			<ThreadComposer conv={conv} title={title} />
		</section>
	);
};
