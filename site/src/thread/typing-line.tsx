import { useTranslation } from 'react-i18next';
import type { ConversationKey, User } from 'tschat/client';
import { useStore } from 'zustand';
import { useChat } from '../chat/use-chat.ts';
import styles from './typing-line.module.css';

const nobody: readonly User[] = [];
const maxNamed = 2;

/** Who is typing. Its place is always there, so that nothing jumps. */
export const TypingLine = ({ conv }: { readonly conv: ConversationKey }) => {
	const { t } = useTranslation();
	const { typing } = useChat();
	const users = useStore(typing.store, (state) => state[conv] ?? nobody);
	const [one, other] = users;
	const text = () => {
		if (one === undefined) return '';
		if (users.length > maxNamed) return t('thread.severalTyping');
		if (other === undefined) return t('thread.oneTyping', { name: one.name });
		return t('thread.twoTyping', { one: one.name, other: other.name });
	};
	return (
		<p className={styles.line} data-testid="typing" role="status">
			{text()}
		</p>
	);
};
