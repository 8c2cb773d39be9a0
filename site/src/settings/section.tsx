import { type ReactNode, useId } from 'react';
import styles from './settings.module.css';

export const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
	const id = useId();
	return (
		<section className={styles.section} aria-labelledby={id}>
			<h3 id={id}>{title}</h3>
			{children}
		</section>
	);
};
