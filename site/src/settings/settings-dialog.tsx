import { Dialog } from '@base-ui/react/dialog';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedIn } from 'tschat/client';
import { CloseIcon } from '../ui/icons.tsx';
import { AccountSection } from './account-section.tsx';
import { AppearanceSection, ComposerSection, NotificationsSection } from './preference-sections.tsx';
import { SessionsSection } from './sessions-section.tsx';
import styles from './settings.module.css';
import { useSessions } from './use-sessions.ts';

interface Props {
	readonly session: SignedIn;
	/** Base of the REST API. */
	readonly api: string;
	/** Gets the focus after it is closed; otherwise what had it before. */
	readonly finalFocus?: RefObject<HTMLElement | null>;
	/** It is closed, and may be removed. */
	readonly onClose: () => void;
}

/** A person's account and what the person prefers, open from the beginning. To be loaded when it is first wanted. */
export const SettingsDialog = ({ session, api, finalFocus, onClose }: Props) => {
	const { t } = useTranslation();
	const [open, setOpen] = useState(true);
	const known = useSessions(api, session.token);
	return (
		<Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(still) => still || onClose()}>
			<Dialog.Portal>
				<Dialog.Backdrop className={styles.backdrop} />
				<Dialog.Popup className={styles.dialog} finalFocus={finalFocus}>
					<header className={styles.header}>
						<Dialog.Title className={styles.title}>{t('settings.title')}</Dialog.Title>
						<Dialog.Close className="button icon" aria-label={t('app.close')}>
							<CloseIcon />
						</Dialog.Close>
					</header>
					<div className={styles.body}>
						<AccountSection session={session} api={api} onChanged={known.reload} />
						<SessionsSection api={api} token={session.token} {...known} />
						<AppearanceSection />
						<NotificationsSection />
						<ComposerSection />
					</div>
				</Dialog.Popup>
			</Dialog.Portal>
		</Dialog.Root>
	);
};
