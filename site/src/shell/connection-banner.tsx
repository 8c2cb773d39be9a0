import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ConnectionState } from '../chat/connection.ts';
import { useChat } from '../chat/use-chat.ts';
import styles from './connection-banner.module.css';

type Shown = 'connecting' | 'offline' | 'catching-up' | 'caught-up' | 'online';

/** Attempts to come back are a part of being offline: a person would see them flicker. */
const shownOf = ({ state, returning, caughtUp, network }: ConnectionState): Shown => {
	if (!network) return 'offline';
	if (state === 'online') return caughtUp ? 'caught-up' : 'online';
	if (state === 'resuming') return returning ? 'catching-up' : 'connecting';
	return state === 'connecting' && !returning ? 'connecting' : 'offline';
};

/** How the connection is, in words; nothing to see while all is well. */
export const ConnectionBanner = () => {
	const { t } = useTranslation();
	const { connection, chat } = useChat();
	const state = useStore(connection.store);
	const shown = shownOf(state);
	return (
		<div className={styles.banner} role="status" data-testid="connection" data-state={shown}>
			{shown !== 'online' && <span>{t(`app.connection.${shown}`)}</span>}
			{shown === 'offline' && state.queued > 0 && <span>{t('app.connection.queued', { count: state.queued })}</span>}
			{shown === 'offline' && (
				<button type="button" className="button" onClick={() => chat.retryNow()}>
					{t('app.connection.retry')}
				</button>
			)}
		</div>
	);
};
