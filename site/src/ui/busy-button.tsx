import type { ButtonHTMLAttributes } from 'react';
import styles from './busy-button.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
	readonly busy: boolean;
}

/** A button that shows that its work is under way. It keeps the focus meanwhile, as a disabled one would not: what it does must see to it that it is done once. */
export const BusyButton = ({ busy, className = '', children, ...button }: Props) => (
	<button {...button} className={`button ${className}`} aria-disabled={busy} aria-busy={busy}>
		{busy && <span className={styles.spinner} aria-hidden="true" />}
		{children}
	</button>
);
