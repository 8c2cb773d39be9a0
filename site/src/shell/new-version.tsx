import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadPageConfig } from '../page-config.ts';
import styles from './connection-banner.module.css';

/** Tells that a part of the page is not on the server any more: what runs here is of an earlier version. */
export const NewVersion = () => {
	const { t } = useTranslation();
	const [gone, setGone] = useState(false);
	useEffect(() => {
		const stop = new AbortController();
		const { signal } = stop;
		// Vite's, when a part that is loaded later does not come. Where the whole site does not answer it is something else.
		const missing = () =>
			void loadPageConfig().then(
				() => setGone(true),
				() => {},
			);
		addEventListener('vite:preloadError', missing, { signal });
		return () => stop.abort();
	}, []);
	if (!gone) return null;
	return (
		<div className={styles.banner} role="alert">
			<span>{t('app.newVersion')}</span>
			<button type="button" className="button" onClick={() => location.reload()}>
				{t('app.reload')}
			</button>
		</div>
	);
};
