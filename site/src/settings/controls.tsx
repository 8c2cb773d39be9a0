import { useId } from 'react';
import styles from './settings.module.css';

interface Option<Value> {
	readonly value: Value;
	readonly text: string;
	/** Of the text, if it is not the page's language. */
	readonly lang?: string;
}

interface ChoiceProps<Value> {
	readonly label: string;
	readonly options: readonly Option<Value>[];
	readonly value: Value;
	readonly onChange: (value: Value) => void;
}

/** One of a few, all in sight. */
export const Choice = <Value extends string>({ label, options, value: chosen, onChange }: ChoiceProps<Value>) => {
	const name = useId();
	return (
		<fieldset className={styles.choice}>
			<legend>{label}</legend>
			{options.map(({ value, text, lang }) => (
				<label key={value} className={styles.option}>
					<input type="radio" name={name} checked={value === chosen} onChange={() => onChange(value)} />
					<span lang={lang}>{text}</span>
				</label>
			))}
		</fieldset>
	);
};

interface ToggleProps {
	readonly label: string;
	readonly hint: string | undefined;
	readonly checked: boolean;
	readonly disabled?: boolean;
	readonly onChange: (checked: boolean) => void;
}

/** Yes or no, with a line on what that means. */
export const Toggle = ({ label, hint, checked, disabled = false, onChange }: ToggleProps) => {
	const id = useId();
	return (
		<div>
			<label className={styles.toggle}>
				<input
					type="checkbox"
					checked={checked}
					disabled={disabled}
					aria-describedby={id}
					onChange={(event) => onChange(event.target.checked)}
				/>
				{label}
			</label>
			<p id={id} role="status" className={`${styles.hint} muted`}>
				{hint}
			</p>
		</div>
	);
};
