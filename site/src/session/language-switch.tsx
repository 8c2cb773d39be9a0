import { useTranslation } from 'react-i18next';
import { languages } from '../i18n/i18n.ts';
import { languageNames } from '../i18n/language-names.ts';
import { usePreferences } from '../preferences/preferences.ts';
import styles from './language-switch.module.css';

/** The page's languages, each by its own name; which one it speaks is pressed. */
export const LanguageSwitch = () => {
	const { t, i18n } = useTranslation();
	return (
		<fieldset className={styles.switch}>
			<legend className="hidden-text">{t('signIn.language')}</legend>
			{languages.map((language) => (
				<button
					key={language}
					type="button"
					className={styles.language}
					lang={languageNames[language].tag}
					aria-pressed={i18n.language === language}
					onClick={() => usePreferences.setState({ language })}
				>
					{languageNames[language].name}
				</button>
			))}
		</fieldset>
	);
};
