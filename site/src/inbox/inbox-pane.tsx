import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ComposeIcon } from '../ui/icons.tsx';
import { lazyDialog } from '../ui/lazy-dialog.tsx';
import { ConversationList } from './conversation-list.tsx';
import styles from './inbox-pane.module.css';
import { SearchBox } from './search-box.tsx';
import { useNewChatKey } from './use-new-chat-key.ts';
import { useReturnToList } from './use-return-to-list.ts';

const NewChat = lazyDialog(async () => (await import('./new-chat.tsx')).NewChat);

interface Props {
	/** Stands at the top: whose conversations they are. */
	readonly account?: ReactNode;
}

/** The left pane: the conversations, and how to begin one. */
export const InboxPane = ({ account }: Props) => {
	const { t } = useTranslation();
	const [search, setSearch] = useState('');
	const [begins, setBegins] = useState(false);
	const begin = () => setBegins(true);
	useNewChatKey(begin);
	const pane = useRef<HTMLElement>(null);
	useReturnToList(pane);
	return (
		<nav ref={pane} className={styles.pane} aria-label={t('inbox.label')}>
			<div className={styles.head}>
				<div>{account}</div>
				<button type="button" className="button" aria-keyshortcuts="Control+K Meta+K" onClick={begin}>
					<ComposeIcon />
					{t('inbox.newChat')}
				</button>
			</div>
			<div className={styles.search}>
				<SearchBox text={search} onText={setSearch} />
			</div>
			<ConversationList search={search} onNewChat={begin} />
			{begins && <NewChat onClose={() => setBegins(false)} />}
		</nav>
	);
};
