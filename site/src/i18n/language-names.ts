import type { Language } from './i18n.ts';

/** Each language's name in itself: never translated, so that whoever reads it finds it. */
export const languageNames: Readonly<Record<Language, { readonly name: string; readonly tag: string }>> = {
	en: { name: 'English', tag: 'en' },
	zh: { name: '中文', tag: 'zh-Hans' },
};
