import { useTranslation } from 'react-i18next';
import { type SignedIn, signOut } from 'tschat/client';
import { usePageConfig } from '../page-context.ts';
import { signedOut } from '../session/session.ts';
import styles from './status.module.css';

/** What people see who are no administrators. */
export const Refused = ({ session: { token, user } }: { readonly session: SignedIn }) => {
	const { t } = useTranslation();
	const { apiUrl } = usePageConfig();
	const leave = () => {
		// Here it ends in any case; where the server does not hear of it, it ends when it expires.
		void signOut({ api: apiUrl, token }).catch(() => undefined);
		signedOut(token);
	};
	return (
		<section className={styles.refused} aria-labelledby="refused">
			<h2 id="refused">{t('status.refused')}</h2>
			<p>{t('status.refusedWhy', { name: user.name })}</p>
			<button type="button" className="button primary" onClick={leave}>
				{t('status.logInAsAnother')}
			</button>
		</section>
	);
};
