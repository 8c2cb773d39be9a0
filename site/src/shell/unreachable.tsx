import { useTranslation } from 'react-i18next';
import styles from './unreachable.module.css';

/** The site itself does not answer. */
export const Unreachable = () => {
	const { t } = useTranslation();
	return (
		<main className={styles.page}>
			<h1>{t('app.unreachable')}</h1>
			<button type="button" className="button primary" onClick={() => location.reload()}>
				{t('app.tryAgain')}
			</button>
		</main>
	);
};
