import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Line } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import styles from './conversation-row.module.css';
import { previewOf } from './preview.ts';

interface Props {
	readonly line: Line;
	/** Whether it is the conversation that is open: its draft is seen where it is written. */
	readonly open: boolean;
}

/** The line below a conversation's title. */
export const PreviewText = ({ line, open }: Props) => {
	const { t } = useTranslation();
	const { me, drafts, typing } = useChat();
	const draft = useStore(drafts.store, ({ [line.conv]: text }) => (open ? undefined : text));
	const typists = useStore(typing.store, ({ [line.conv]: users }) => users);
	const preview = previewOf({ line, me: me.id, draft, typing: typists });
	switch (preview.kind) {
		case 'nothing':
			return <span className={styles.preview}>{t('inbox.nothing')}</span>;
		case 'typing':
			return (
				<span className={`${styles.preview} ${styles.live}`}>
					{preview.who !== null && `${preview.who}: `}
					{t('inbox.typing')}
				</span>
			);
		case 'draft':
			return (
				<span className={`${styles.preview} ${styles.live}`}>
					{t('inbox.draft')} {preview.text}
				</span>
			);
		case 'own':
			return (
				<span className={styles.preview}>
					{t('inbox.you')} {preview.text}
				</span>
			);
		case 'message':
			return (
				<span className={styles.preview}>
					{preview.from !== null && `${preview.from}: `}
					{preview.text}
				</span>
			);
	}
};
