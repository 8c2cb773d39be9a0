import { type SubmitEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changePassword, type SignedIn, TschatError } from 'tschat/client';
import { errorText } from '../i18n/error-text.ts';
import { fitsPassword } from '../session/credential-rules.ts';
import { BusyButton } from '../ui/busy-button.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useAction } from '../ui/use-action.ts';
import { logOut } from './log-out.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';

interface Props {
	readonly session: SignedIn;
	readonly api: string;
	/** The password is changed, and all other sessions have ended. */
	readonly onChanged: () => void;
}

export const AccountSection = ({ session: { token, user }, api, onChanged }: Props) => {
	const { t } = useTranslation();
	const current = useRef<HTMLInputElement>(null);
	const next = useRef<HTMLInputElement>(null);
	const [wrong, setWrong] = useState<'current' | 'next'>();
	const [changed, setChanged] = useState(false);
	const { run, busy, error } = useAction((passwords: { current: string; next: string }) =>
		changePassword({ api, token, ...passwords }),
	);

	const submit = async (event: SubmitEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = event.currentTarget;
		const passwords = { current: current.current?.value ?? '', next: next.current?.value ?? '' };
		const part = passwords.current === '' ? 'current' : fitsPassword(passwords.next) ? undefined : 'next';
		setWrong(part);
		setChanged(false);
		if (part !== undefined) (part === 'current' ? current : next).current?.focus();
		else if (await run(passwords)) {
			form.reset();
			setChanged(true);
			onChanged();
		}
	};

	const wrongPassword = error instanceof TschatError && error.code === 'wrong-credentials';
	return (
		<Section title={t('settings.account.title')}>
			<div className={styles.row}>
				<span className={styles.grow}>{t('settings.account.name', { name: user.name })}</span>
				<button type="button" className="button" onClick={() => void logOut({ api, token })}>
					{t('settings.logOut')}
				</button>
			</div>
			<form className={styles.form} onSubmit={submit} noValidate>
				{/* For password managers: whose password it is. */}
				<input type="text" autoComplete="username" value={user.name} readOnly hidden />
				<PasswordField
					ref={current}
					label={t('settings.account.currentPassword')}
					problem={wrong === 'current' ? t('signIn.passwordMissing') : undefined}
					autoComplete="current-password"
				/>
				<PasswordField
					ref={next}
					label={t('settings.account.newPassword')}
					hint={t('signIn.passwordRule')}
					problem={wrong === 'next' ? t('signIn.passwordRule') : undefined}
					autoComplete="new-password"
				/>
				{error !== undefined && (
					<p role="alert" className="error">
						{wrongPassword ? t('settings.account.wrongPassword') : errorText(t, error)}
					</p>
				)}
				<p role="status" className={styles.done}>
					{changed && t('settings.account.changed')}
				</p>
				<BusyButton type="submit" busy={busy}>
					{t('settings.account.changePassword')}
				</BusyButton>
			</form>
		</Section>
	);
};
