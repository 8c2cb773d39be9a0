import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './field.module.css';

export interface FieldProps extends Omit<ComponentProps<'input'>, 'id' | 'className'> {
	readonly label: string;
	/** What fits into it. */
	readonly hint?: string | undefined;
	/** What is wrong with it: takes the place of the hint. */
	readonly problem?: string | undefined;
	/** Stands at the end of the input. */
	readonly after?: ReactNode;
}

/** An input with its label, and a line about what fits into it, which screen readers tell as well. */
export const Field = ({ label, hint, problem, after, ...input }: FieldProps) => {
	const id = useId();
	const note = problem ?? hint;
	const noteId = note === undefined ? undefined : `${id}-note`;
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<span className={styles.row}>
				<input {...input} id={id} className="input" aria-invalid={problem !== undefined} aria-describedby={noteId} />
				{after}
			</span>
			{note !== undefined && (
				<p id={noteId} className={`${styles.note} ${problem === undefined ? 'muted' : 'error'}`}>
					{note}
				</p>
			)}
		</div>
	);
};
