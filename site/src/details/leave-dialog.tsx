import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useTranslation } from 'react-i18next';
import type { RoomKey } from 'tschat/client';
import { useStore } from 'zustand';
import { titleOf } from '../chat/lines.ts';
import { openConversation } from '../chat/open-conversation.ts';
import { useChat } from '../chat/use-chat.ts';
import styles from '../ui/dialog.module.css';

interface Props {
	readonly conv: RoomKey;
	readonly onClose: () => void;
}

/** Asks once more before a room is left. */
export const LeaveDialog = ({ conv, onClose }: Props) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const title = useStore(inbox.store, ({ lines }) => titleOf(lines.get(conv) ?? { conv, name: null, peer: null }));
	const leave = () => {
		onClose();
		// First, since an open room that is not in the list is joined.
		openConversation(null);
		// Whoever is refused sees the room in the list again.
		inbox.leave(conv).catch(() => {});
	};
	return (
		<AlertDialog.Root open onOpenChange={(stays) => stays || onClose()}>
			<AlertDialog.Portal>
				<AlertDialog.Backdrop className={styles.backdrop} />
				<AlertDialog.Popup className={styles.popup}>
					<AlertDialog.Title className={styles.title}>{t('details.leaveTitle', { title })}</AlertDialog.Title>
					<AlertDialog.Description>{t('details.leaveText')}</AlertDialog.Description>
					<div className={styles.actions}>
						<AlertDialog.Close className="button">{t('app.cancel')}</AlertDialog.Close>
						<button type="button" className="button danger" onClick={leave}>
							{t('details.leaveConfirm')}
						</button>
					</div>
				</AlertDialog.Popup>
			</AlertDialog.Portal>
		</AlertDialog.Root>
	);
};
