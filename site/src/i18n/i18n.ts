import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';

declare module 'i18next' {
	interface CustomTypeOptions {
		defaultNS: 'translation';
		resources: { translation: typeof en };
	}
}

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What the browser's user reads best of what there is. */
export const systemLanguage = (): Language =>
	navigator.languages.map((tag) => languages.find((language) => tag.startsWith(language))).find(Boolean) ?? 'en';

/** Chinese comes when it is wanted. */
const loadLanguage = async (language: Language): Promise<void> => {
	if (i18next.hasResourceBundle(language, 'translation')) return;
	const { zh } = await import('./zh/index.ts');
	i18next.addResourceBundle(language, 'translation', zh);
};

/** Switches the page's language. Resolves when it speaks it. */
export const speak = async (language: Language): Promise<void> => {
	await loadLanguage(language);
	await i18next.changeLanguage(language);
	document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
};

/** Before anything is shown. */
export const startLanguages = async (language: Language): Promise<void> => {
	await i18next.use(initReactI18next).init({
		lng: 'en',
		fallbackLng: 'en',
		resources: { en: { translation: en } },
		// React escapes.
		interpolation: { escapeValue: false },
	});
	await speak(language);
};
