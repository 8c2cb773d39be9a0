import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedIn } from 'tschat/client';
import { errorText } from '../i18n/error-text.ts';
import { usePageConfig } from '../page-context.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ChevronDownIcon } from '../ui/icons.tsx';
import { useModule } from '../ui/use-module.ts';
import styles from './account-menu.module.css';

/** The person's button: opens the menu, whose code comes with the first click, and from there the settings. */
export const AccountMenu = ({ session }: { readonly session: SignedIn }) => {
	const { t } = useTranslation();
	const { apiUrl: api } = usePageConfig();
	const container = useRef<HTMLDivElement>(null);
	const trigger = useRef<HTMLButtonElement>(null);
	const menu = useModule(() => import('./account-menu-popup.tsx'));
	const dialog = useModule(() => import('./settings-dialog.tsx'));
	const [settings, setSettings] = useState(false);
	const openSettings = async () => setSettings(await dialog.want());

	const { name } = session.user;
	const error = menu.error ?? dialog.error;
	const content = (
		<>
			<Avatar name={name} />
			<span className={styles.name}>{name}</span>
			<ChevronDownIcon />
		</>
	);
	return (
		<div ref={container} className={styles.account}>
			{menu.module === undefined ? (
				<button
					ref={trigger}
					type="button"
					className={styles.button}
					aria-label={t('settings.accountOf', { name })}
					aria-haspopup="menu"
					aria-busy={menu.busy}
					onClick={menu.want}
				>
					{content}
				</button>
			) : (
				<menu.module.AccountMenuPopup
					session={session}
					api={api}
					trigger={trigger}
					container={container}
					onSettings={openSettings}
				>
					{content}
				</menu.module.AccountMenuPopup>
			)}
			{error !== undefined && (
				<p role="alert" className={styles.problem}>
					{errorText(t, error)}
				</p>
			)}
			{settings && dialog.module !== undefined && (
				<dialog.module.SettingsDialog
					session={session}
					api={api}
					finalFocus={trigger}
					onClose={() => setSettings(false)}
				/>
			)}
		</div>
	);
};
