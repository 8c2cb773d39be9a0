import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endOtherSessions, endSession, type Session } from 'tschat/client';
import { errorText } from '../i18n/error-text.ts';
import { useAction } from '../ui/use-action.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';

interface Props {
	readonly api: string;
	readonly token: string;
	readonly sessions: readonly Session[];
	/** Why they could not be asked for. */
	readonly error: unknown;
	readonly reload: () => void;
}

export const SessionsSection = ({ api, token, sessions, error: loadError, reload }: Props) => {
	const { t, i18n } = useTranslation();
	const list = useRef<HTMLUListElement>(null);
	const [ended, setEnded] = useState(false);
	const { run, error: endError } = useAction(async (id: string | undefined) => {
		setEnded(false);
		await (id === undefined ? endOtherSessions({ api, token }) : endSession({ api, token, id }));
	});
	const end = async (id?: string) => {
		const done = await run(id);
		setEnded(done);
		// Also after a refusal: it may have ended elsewhere.
		reload();
		// The button that had the focus goes.
		if (done) list.current?.focus();
	};

	const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
	const error = endError ?? loadError;
	return (
		<Section title={t('settings.sessions.title')}>
			<p className="muted">{t('settings.sessions.lead')}</p>
			<ul ref={list} className={styles.sessions} tabIndex={-1} aria-label={t('settings.sessions.title')}>
				{sessions.map(({ id, device, createdAt, current }) => (
					<li key={id} className={styles.row}>
						<span className={styles.grow}>
							<span className={styles.device}>{device}</span>{' '}
							{current && <span className={styles.badge}>{t('settings.sessions.current')}</span>}
							<time className={`${styles.hint} muted`} dateTime={createdAt}>
								{t('settings.sessions.since', { time: time.format(new Date(createdAt)) })}
							</time>
						</span>
						{!current && (
							<button
								type="button"
								className="button"
								aria-label={t('settings.sessions.end', { device })}
								onClick={() => end(id)}
							>
								{t('settings.logOut')}
							</button>
						)}
					</li>
				))}
			</ul>
			{error !== undefined && (
				<p role="alert" className="error">
					{errorText(t, error)}
				</p>
			)}
			<p role="status" className={styles.done}>
				{ended && t('settings.sessions.ended')}
			</p>
			{sessions.length > 1 && (
				<button type="button" className={`button danger ${styles.start}`} onClick={() => end()}>
					{t('settings.sessions.endOthers')}
				</button>
			)}
		</Section>
	);
};
