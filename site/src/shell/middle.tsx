import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { isRoom } from '../chat/keys.ts';
import { titleOf } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import { Thread } from '../thread/thread.tsx';
import styles from './middle.module.css';
import { NotJoined } from './not-joined.tsx';
import { ThreadHeader } from './thread-header.tsx';

interface Props {
	readonly conv: ConversationKey | null;
	/** Whether the list of conversations has come. */
	readonly loaded: boolean;
	/** Whether something else stands over it. */
	readonly covered: boolean;
	readonly detailsOpen: boolean;
	readonly onBack: () => void;
	readonly onDetails: () => void;
}

/** The open conversation. A room that is not in the list, as behind a link, is asked about; a person who is not cannot be known. */
export const Middle = ({ conv, loaded, covered, detailsOpen, onBack, onDetails }: Props) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const line = useStore(inbox.store, ({ lines }) => (conv === null ? undefined : lines.get(conv)));
	const unknown = loaded && conv !== null && line === undefined;
	const unknownPerson = unknown && !isRoom(conv);
	useEffect(() => {
		if (unknownPerson) onBack();
	}, [unknownPerson, onBack]);

	if (conv === null) return <p className={styles.notice}>{t('app.chooseConversation')}</p>;
	if (unknown && isRoom(conv)) return <NotJoined conv={conv} onBack={onBack} />;
	if (line === undefined) return <p className={styles.notice}>{t('app.loading')}</p>;
	return (
		<>
			<ThreadHeader line={line} detailsOpen={detailsOpen} onBack={onBack} onDetails={onDetails} />
			<Thread key={conv} conv={conv} title={titleOf(line)} covered={covered} />
		</>
	);
};
