import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { isRoom } from '../chat/keys.ts';
import { titleOf } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import styles from './details-pane.module.css';

/** The room with its number, or the person and whether that one is connected. */
export const WhatItIs = ({ conv }: { readonly conv: ConversationKey }) => {
	const { t } = useTranslation();
	const { inbox, online } = useChat();
	const title = useStore(inbox.store, ({ lines }) => titleOf(lines.get(conv) ?? { conv, name: null, peer: null }));
	const peer = useStore(inbox.store, ({ lines }) => lines.get(conv)?.peer?.id);
	const connected = useStore(online.store, (users) => peer !== undefined && users.has(peer));
	// Who was not in the list before has not been asked about.
	useEffect(() => {
		if (peer !== undefined) void online.refresh();
	}, [peer, online]);
	return (
		<div className={styles.what}>
			<Avatar name={title} online={connected} />
			<div>
				<h3 className={styles.title}>{title}</h3>
				<p className="muted">
					{isRoom(conv)
						? t('details.roomNumber', { number: conv.slice(conv.indexOf(':') + 1) })
						: t(connected ? 'app.connected' : 'app.notConnected')}
				</p>
			</div>
		</div>
	);
};
