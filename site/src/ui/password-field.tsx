import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, type FieldProps } from './field.tsx';
import { EyeIcon, EyeOffIcon } from './icons.tsx';

/** A password, which the person may look at. */
export const PasswordField = (props: Omit<FieldProps, 'type' | 'after'>) => {
	const { t } = useTranslation();
	const [shown, setShown] = useState(false);
	const toggle = (
		<button
			type="button"
			className="button icon"
			aria-label={t('signIn.showPassword')}
			aria-pressed={shown}
			onClick={() => setShown(!shown)}
		>
			{shown ? <EyeOffIcon /> : <EyeIcon />}
		</button>
	);
	return (
		<Field
			spellCheck={false}
			autoCapitalize="none"
			maxLength={256}
			{...props}
			type={shown ? 'text' : 'password'}
			after={toggle}
		/>
	);
};
