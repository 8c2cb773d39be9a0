import { type FormEvent, type Ref, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.ts';
import { BusyButton } from '../ui/busy-button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './ask-form.module.css';

interface Props {
	readonly heading: string;
	/** Of the one input. */
	readonly label: string;
	readonly hint?: string;
	readonly action: string;
	/** Does what was asked for with what was written; what it rejects with is told below the input. */
	readonly ask: (text: string) => Promise<void>;
	readonly ref?: Ref<HTMLInputElement>;
}

/** One question with one button. */
export const AskForm = ({ heading, label, hint, action, ask, ref }: Props) => {
	const { t } = useTranslation();
	const id = useId();
	const [text, setText] = useState('');
	const { run, busy, error, forget } = useAction(ask);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== '') void run(text);
	};
	return (
		<form className={styles.form} onSubmit={submit}>
			<h3 className={styles.heading}>{heading}</h3>
			<label htmlFor={id}>{label}</label>
			<div className={styles.row}>
				<input
					ref={ref}
					id={id}
					className="input"
					value={text}
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					aria-invalid={error !== undefined}
					aria-describedby={`${id}-note`}
					onChange={(event) => {
						setText(event.target.value);
						if (error !== undefined) forget();
					}}
				/>
				<BusyButton type="submit" className="primary" busy={busy}>
					{action}
				</BusyButton>
			</div>
			<div id={`${id}-note`} className={styles.note}>
				{error === undefined ? (
					<p className="muted">{hint}</p>
				) : (
					<p role="alert" className="error">
						{errorText(t, error)}
					</p>
				)}
			</div>
		</form>
	);
};
