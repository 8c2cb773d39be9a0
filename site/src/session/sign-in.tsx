import { type MouseEvent, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { register, signIn } from 'tschat/client';
import { errorText } from '../i18n/error-text.ts';
import { usePageConfig } from '../page-context.ts';
import { BusyButton } from '../ui/busy-button.tsx';
import { Field } from '../ui/field.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useAction } from '../ui/use-action.ts';
import { fitsPassword, fitsUserName } from './credential-rules.ts';
import { deviceName } from './device-name.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { signedIn, useSession } from './session.ts';
import styles from './sign-in.module.css';

type Part = 'name' | 'password';

/** The first part that the server would refuse for its shape. To log in, anything but nothing may be right. */
const wrongPart = (name: string, password: string, registers: boolean): Part | undefined => {
	if (registers ? !fitsUserName(name) : name === '') return 'name';
	if (registers ? !fitsPassword(password) : password === '') return 'password';
	return undefined;
};

/** Logs in and registers. */
export const SignIn = () => {
	const { t } = useTranslation();
	const { apiUrl: api } = usePageConfig();
	const ending = useSession((state) => state.ending);
	const [registers, setRegisters] = useState(false);
	const [wrong, setWrong] = useState<Part>();
	const nameInput = useRef<HTMLInputElement>(null);
	const passwordInput = useRef<HTMLInputElement>(null);
	const { run, busy, error, forget } = useAction(async (name: string, password: string) => {
		const begin = registers ? register : signIn;
		signedIn(await begin({ api, name, password, device: deviceName(navigator.userAgent) }));
	});
	// Not on phones, where it would cover half of the page with a keyboard.
	useEffect(() => {
		if (matchMedia('(pointer: fine)').matches) nameInput.current?.focus();
	}, []);

	const submit = (event: SubmitEvent) => {
		event.preventDefault();
		// Keyboards of phones put a space behind a name that they complete.
		const name = nameInput.current?.value.trim() ?? '';
		const password = passwordInput.current?.value ?? '';
		const part = wrongPart(name, password, registers);
		setWrong(part);
		if (part === undefined) void run(name, password);
		else (part === 'name' ? nameInput : passwordInput).current?.focus();
	};
	const switchMode = (event: MouseEvent) => {
		event.preventDefault();
		if (busy) return;
		setRegisters(!registers);
		setWrong(undefined);
		forget();
		nameInput.current?.focus();
	};

	const problems = registers
		? { name: t('signIn.nameRule'), password: t('signIn.passwordRule') }
		: { name: t('signIn.nameMissing'), password: t('signIn.passwordMissing') };
	const hints = registers ? problems : { name: undefined, password: undefined };
	const message = error === undefined ? ending !== null && !busy && t(`signIn.endings.${ending}`) : errorText(t, error);
	return (
		<main className={styles.page}>
			<div className={styles.card}>
				<img className={styles.mark} src="/favicon.svg" alt="" width="48" height="48" />
				<h1>{t(registers ? 'signIn.registerTitle' : 'signIn.logInTitle')}</h1>
				<p className="muted">{t(registers ? 'signIn.registerLead' : 'signIn.logInLead')}</p>
				<form className={styles.form} onSubmit={submit} onInput={forget} noValidate>
					{message && (
						<p role="alert" className={styles.message}>
							{message}
						</p>
					)}
					<Field
						ref={nameInput}
						name="name"
						label={t('signIn.name')}
						hint={hints.name}
						problem={wrong === 'name' ? problems.name : undefined}
						autoComplete="username"
						autoCapitalize="none"
						spellCheck={false}
						maxLength={256}
					/>
					<PasswordField
						ref={passwordInput}
						name="password"
						label={t('signIn.password')}
						hint={hints.password}
						problem={wrong === 'password' ? problems.password : undefined}
						autoComplete={registers ? 'new-password' : 'current-password'}
					/>
					<BusyButton type="submit" className="primary" busy={busy}>
						{t(registers ? 'signIn.register' : 'signIn.logIn')}
					</BusyButton>
				</form>
				<a href={registers ? '#log-in' : '#register'} className={styles.other} onClick={switchMode}>
					{t(registers ? 'signIn.toLogIn' : 'signIn.toRegister')}
				</a>
			</div>
			<LanguageSwitch />
		</main>
	);
};
