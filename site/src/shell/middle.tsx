import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { isRoom } from '../chat/keys.ts';
import { titleOf } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import { errorText } from '../i18n/error-text.ts';
import { Thread } from '../thread/thread.tsx';
import styles from './middle.module.css';
import { ThreadHeader } from './thread-header.tsx';

interface Props {
	readonly conv: ConversationKey | null;
	/** Whether the list of conversations has come. */
	readonly loaded: boolean;
	readonly detailsOpen: boolean;
	readonly onBack: () => void;
	readonly onDetails: () => void;
}

/** The open conversation. A room that is not in the list, as behind a link, is joined; a person who is not cannot be known. */
export const Middle = ({ conv, loaded, detailsOpen, onBack, onDetails }: Props) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const line = useStore(inbox.store, ({ lines }) => (conv === null ? undefined : lines.get(conv)));
	const [failure, setFailure] = useState<unknown>();
	const unknown = loaded && conv !== null && line === undefined;
	useEffect(() => {
		setFailure(undefined);
		if (!unknown) return;
		if (isRoom(conv)) inbox.join(conv).catch(setFailure);
		else onBack();
	}, [unknown, conv, inbox, onBack]);

	if (conv === null) return <p className={styles.notice}>{t('app.chooseConversation')}</p>;
	if (failure !== undefined) return <p className={styles.notice}>{errorText(t, failure)}</p>;
	if (line === undefined) return <p className={styles.notice}>{t('app.loading')}</p>;
	return (
		<>
			<ThreadHeader line={line} detailsOpen={detailsOpen} onBack={onBack} onDetails={onDetails} />
			<Thread key={conv} conv={conv} title={titleOf(line)} />
		</>
	);
};
