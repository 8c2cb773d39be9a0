import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type SignedIn, TschatError } from 'tschat/client';
import { usePageConfig } from '../page-context.ts';
import { Figures } from './figure-cards.tsx';
import { ModulesTable } from './modules-table.tsx';
import { Plots } from './plots.tsx';
import { Refused } from './refused.tsx';
import { Stale } from './stale.tsx';
import styles from './status.module.css';
import { useClusterStatus } from './use-cluster-status.ts';

const ClusterPage = ({ session }: { readonly session: SignedIn }) => {
	const { t } = useTranslation();
	const { status, receivedAt, error } = useClusterStatus(usePageConfig().apiUrl, session.token);
	if (error instanceof TschatError && error.code === 'forbidden') return <Refused session={session} />;
	return (
		<>
			{error !== undefined && <Stale error={error} receivedAt={receivedAt} />}
			{status === undefined ? (
				error === undefined && <p className="muted">{t('app.loading')}</p>
			) : (
				<>
					<Figures status={status} />
					<Plots status={status} />
					<ModulesTable status={status} />
				</>
			)}
		</>
	);
};

/** How the cluster is, for administrators. */
export const StatusPage = ({ session }: { readonly session: SignedIn }) => {
	const { t } = useTranslation();
	const title = `${t('status.heading')} · ${t('app.name')}`;
	useEffect(() => {
		const before = document.title;
		document.title = title;
		return () => {
			document.title = before;
		};
	}, [title]);
	return (
		<main className={styles.page}>
			<header className={styles.header}>
				<h1>{t('status.heading')}</h1>
				<a className={styles.back} href="/">
					{t('status.back')}
				</a>
			</header>
			{/* Nothing of what another person saw stays. */}
			<ClusterPage key={session.token} session={session} />
		</main>
	);
};
