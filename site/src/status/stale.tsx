import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.ts';
import { useFormats } from './formats.ts';
import styles from './status.module.css';

/** The time, each second. */
const useNow = (): number => {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	return now;
};

interface StaleProps {
	readonly error: unknown;
	/** When the figures came that are shown; undefined when there are none. */
	readonly receivedAt: number | undefined;
}

/** Why there are no newer figures, and how old these are. Only the reason is announced, once. */
export const Stale = ({ error, receivedAt }: StaleProps) => {
	const { t } = useTranslation();
	const formats = useFormats();
	const now = useNow();
	return (
		<div className={styles.stale} data-testid="stale">
			<p role="alert">{errorText(t, error)}</p>
			{receivedAt !== undefined && <p>{t('status.age', { age: formats.ago(now - receivedAt) })}</p>}
		</div>
	);
};
