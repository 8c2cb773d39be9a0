import { useTranslation } from 'react-i18next';
import type { RoomKey } from 'tschat/client';
import { useChat } from '../chat/use-chat.ts';
import { errorText } from '../i18n/error-text.ts';
import { BusyButton } from '../ui/busy-button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './middle.module.css';

/** A room that one is not in: behind a link, or left on another device. Its people see who joins, so that is for the person to say. */
export const NotJoined = ({ conv, onBack }: { readonly conv: RoomKey; readonly onBack: () => void }) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const { run, busy, error } = useAction(() => inbox.join(conv));
	return (
		<div className={styles.notice}>
			<h2>{t('app.notJoined', { room: conv.slice('room:'.length) })}</h2>
			{error !== undefined && (
				<p role="alert" className="error">
					{errorText(t, error)}
				</p>
			)}
			<div className={styles.choices}>
				<BusyButton type="button" className="primary" busy={busy} onClick={() => void run()}>
					{t('app.joinRoom')}
				</BusyButton>
				<button type="button" className="button" onClick={onBack}>
					{t('app.back')}
				</button>
			</div>
		</div>
	);
};
