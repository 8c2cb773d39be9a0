import { useTranslation } from 'react-i18next';
import type { ClusterStatus } from 'tschat/client';
import styles from './figure-cards.module.css';
import { presentFigures } from './figures.ts';
import { useFormats } from './formats.ts';

const names = ['connections', 'rooms', 'accepted', 'delivered', 'queue'] as const;

/** How the cluster is now. */
export const Figures = ({ status }: { readonly status: ClusterStatus }) => {
	const { t } = useTranslation();
	const { number } = useFormats();
	const figures = presentFigures(status);
	return (
		<dl className={styles.cards}>
			{names.map((name) => (
				<div key={name} className={styles.card}>
					<dt>{t(`status.figures.${name}`)}</dt>
					<dd data-testid={`figure-${name}`}>{number(figures[name])}</dd>
				</div>
			))}
		</dl>
	);
};
