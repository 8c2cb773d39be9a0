import { Menu } from '@base-ui/react/menu';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { me, type SignedIn } from 'tschat/client';
import styles from './account-menu.module.css';
import { logOut } from './log-out.ts';

interface Props {
	readonly session: SignedIn;
	/** Base of the REST API. */
	readonly api: string;
	readonly trigger: RefObject<HTMLButtonElement | null>;
	/** What the menu becomes a part of: the landmark of the button is its own, too. */
	readonly container: RefObject<HTMLElement | null>;
	/** What the button shows. */
	readonly children: ReactNode;
	readonly onSettings: () => void;
}

/** The person's button with its menu, open from the beginning: it takes the place of the button that loaded it. */
export const AccountMenuPopup = ({ session, api, trigger, container, children, onSettings }: Props) => {
	const { t } = useTranslation();
	const [open, setOpen] = useState(false);
	const [admin, setAdmin] = useState(false);
	const { token, user } = session;
	// The click that loaded this code, once more: the menu opens, and its first item gets the focus.
	useEffect(() => trigger.current?.click(), [trigger]);
	useEffect(() => {
		if (!open) return;
		// Without an answer the menu stays as it was.
		me({ api, token }).then(
			(answer) => setAdmin(answer.admin),
			() => undefined,
		);
	}, [open, api, token]);
	return (
		<Menu.Root open={open} onOpenChange={setOpen} modal={false}>
			<Menu.Trigger ref={trigger} className={styles.button} aria-label={t('settings.accountOf', { name: user.name })}>
				{children}
			</Menu.Trigger>
			<Menu.Portal container={container}>
				<Menu.Positioner className={styles.positioner} positionMethod="fixed" align="start" sideOffset={4}>
					<Menu.Popup className={styles.menu}>
						<Menu.Item className={styles.item} onClick={onSettings}>
							{t('settings.title')}
						</Menu.Item>
						{admin && (
							<Menu.LinkItem className={styles.item} href="/status">
								{t('settings.serverStatus')}
							</Menu.LinkItem>
						)}
						<Menu.Item className={styles.item} onClick={() => void logOut({ api, token })}>
							{t('settings.logOut')}
						</Menu.Item>
					</Menu.Popup>
				</Menu.Positioner>
			</Menu.Portal>
		</Menu.Root>
	);
};
