import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type ConversationKey, findUser, openRoom } from 'tschat/client';
import { roomKeyOf } from '../chat/keys.ts';
import { openConversation } from '../chat/open-conversation.ts';
import { useChat } from '../chat/use-chat.ts';
import styles from '../ui/dialog.module.css';
import { CloseIcon } from '../ui/icons.tsx';
import { AskForm } from './ask-form.tsx';
import { parseRoomInput } from './room-input.ts';

/** Asks which room to join, or whom to write to, and opens that. */
export const NewChat = ({ onClose }: { readonly onClose: () => void }) => {
	const { t } = useTranslation();
	const { api, token, inbox } = useChat();
	const first = useRef<HTMLInputElement>(null);
	const shown = useRef(true);
	const opened = useRef(false);
	useEffect(() => {
		shown.current = true;
		return () => {
			shown.current = false;
		};
	}, []);

	const open = (conv: ConversationKey) => {
		// Whoever has closed it meanwhile wants to be elsewhere.
		if (!shown.current) return;
		opened.current = true;
		openConversation(conv);
		onClose();
	};
	const join = async (text: string) => {
		const room = parseRoomInput(text) ?? { name: '' };
		const conv = 'number' in room ? roomKeyOf(room.number) : (await openRoom({ api, token, name: room.name })).conv;
		await inbox.join(conv);
		open(conv);
	};
	const write = async (text: string) => open(inbox.direct(await findUser({ api, token, name: text.trim() })));

	return (
		<Dialog.Root open onOpenChange={(stays) => stays || onClose()}>
			<Dialog.Portal>
				<Dialog.Backdrop className={styles.backdrop} />
				{/* A conversation that was opened takes the focus itself. */}
				<Dialog.Popup className={styles.popup} initialFocus={first} finalFocus={() => !opened.current}>
					<div className={styles.head}>
						<Dialog.Title className={styles.title}>{t('inbox.newChat')}</Dialog.Title>
						<Dialog.Close className="button icon" aria-label={t('app.close')}>
							<CloseIcon />
						</Dialog.Close>
					</div>
					<AskForm
						ref={first}
						heading={t('inbox.joinRoom')}
						label={t('inbox.roomInput')}
						hint={t('inbox.roomHint')}
						action={t('inbox.join')}
						ask={join}
					/>
					<AskForm
						heading={t('inbox.writeToSomeone')}
						label={t('inbox.personInput')}
						action={t('inbox.write')}
						ask={write}
					/>
				</Dialog.Popup>
			</Dialog.Portal>
		</Dialog.Root>
	);
};
