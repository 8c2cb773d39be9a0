import { useEffect, useState } from 'react';
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
import { ConnectionBanner } from './connection-banner.tsx';
import { Middle } from './middle.tsx';
import { tellOf } from './notices.ts';
import styles from './shell.module.css';
import { useTitleBadge } from './use-title-badge.ts';

/** Where the details stand beside the messages instead of over them; as in the styles. */
const wide = matchMedia('(min-width: 70rem)');

/** The chat of one person: conversations on the left, messages in the middle, details on the right. */
export const Shell = ({ session }: { readonly session: SignedIn }) => {
	const config = usePageConfig();
	const [model] = useState(
		(): ChatModel =>
			new ChatModel({ config, session, ended: signedOut, arrived: (messages) => tellOf(messages, model) }),
	);
	useEffect(() => () => model.close(), [model]);
	useTitleBadge(model);

	const conv = useOpenConversation((state) => state.conv);
	const [details, setDetails] = useState(wide.matches);
	useEffect(() => model.members.open(conv), [model, conv]);
	// Whoever opens a conversation on a small screen wants to see it, not what stands over it.
	useEffect(() => {
		if (conv !== null && !wide.matches) setDetails(false);
	}, [conv]);
	useEffect(() => {
		const stop = new AbortController();
		wide.addEventListener('change', ({ matches }) => setDetails(matches), { signal: stop.signal });
		return () => stop.abort();
	}, []);
	const loaded = useStore(model.inbox.store, (state) => state.loaded);

	return (
		<ChatContext value={model}>
			<div className={styles.shell} data-open={conv !== null} data-details={details && conv !== null}>
				<ConnectionBanner />
				<div className={styles.left}>
					<InboxPane account={<AccountMenu session={session} />} />
				</div>
				<main className={styles.middle}>
					<Middle
						conv={conv}
						loaded={loaded}
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
