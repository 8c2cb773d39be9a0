import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedIn } from 'tschat/client';
import { useStore } from 'zustand';
import { ChatModel } from '../chat/chat-model.ts';
import { openConversation, useOpenConversation } from '../chat/open-conversation.ts';
import { ChatContext } from '../chat/use-chat.ts';
import { DetailsPane } from '../details/details-pane.tsx';
import { InboxPane } from '../inbox/inbox-pane.tsx';
import { usePageConfig } from '../page-context.ts';
import { signedOut } from '../session/session.ts';
import { AccountMenu } from '../settings/account-menu.tsx';
import { useMedia } from '../ui/use-media.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Middle } from './middle.tsx';
import { NewVersion } from './new-version.tsx';
import { tellOf } from './notices.ts';
import styles from './shell.module.css';
import { useTitleBadge } from './use-title-badge.ts';

/** As in the styles: where the details stand beside the messages instead of over them, and where one pane is shown at a time. */
const wide = '(min-width: 70rem)';
const narrow = '(max-width: 45rem)';

/** The chat of one person: conversations on the left, messages in the middle, details on the right. */
export const Shell = ({ session }: { readonly session: SignedIn }) => {
	const { t } = useTranslation();
	const config = usePageConfig();
	const [model] = useState(
		(): ChatModel =>
			new ChatModel({
				config,
				session,
				ended: (reason) => signedOut(session.token, reason),
				arrived: (messages) => tellOf(messages, model),
			}),
	);
	useEffect(() => () => model.close(), [model]);
	useTitleBadge(model);

	const conv = useOpenConversation((state) => state.conv);
	const isWide = useMedia(wide);
	const [details, setDetails] = useState(isWide);
	useEffect(() => model.members.open(conv), [model, conv]);
	useEffect(() => setDetails(isWide), [isWide]);
	// Whoever opens a conversation on a small screen wants to see it, not what stands over it.
	useEffect(() => {
		if (conv !== null && !isWide) setDetails(false);
	}, [conv, isWide]);
	/** The list is all that there is on the screen. */
	const isNarrow = useMedia(narrow);
	const onlyList = isNarrow && conv === null;
	const loaded = useStore(model.inbox.store, (state) => state.loaded);

	return (
		<ChatContext value={model}>
			<div className={styles.shell} data-open={conv !== null} data-details={details && conv !== null}>
				<header className="hidden-text">
					<h1>{t('app.name')}</h1>
				</header>
				<div className={styles.top}>
					<NewVersion />
					<ConnectionBanner />
				</div>
				<div className={styles.left} role={onlyList ? 'main' : undefined}>
					<InboxPane account={<AccountMenu session={session} />} />
				</div>
				<main className={styles.middle}>
					<Middle
						conv={conv}
						loaded={loaded}
						covered={isNarrow && details}
						onBack={() => openConversation(null)}
						detailsOpen={details}
						onDetails={() => setDetails(!details)}
					/>
				</main>
				{details && conv !== null && (
					<div className={styles.right}>
						<DetailsPane conv={conv} onClose={() => setDetails(false)} />
					</div>
				)}
			</div>
		</ChatContext>
	);
};
