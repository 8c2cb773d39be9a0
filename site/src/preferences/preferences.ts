import { create } from 'zustand';
import { type Language, languages, speak, systemLanguage } from '../i18n/i18n.ts';
import { loadValue, saveValue } from '../persisted.ts';

export const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** What a person has chosen on this browser. */
export interface Preferences {
	readonly language: Language | 'system';
	readonly theme: Theme;
	/** Whether messages are told of on the desktop; only ever true where the browser allows it. */
	readonly notifications: boolean;
	/** Whether the tab's title tells how much is unread. */
	readonly titleBadge: boolean;
	/** Whether Enter sends; otherwise it breaks the line and Ctrl+Enter sends. */
	readonly enterSends: boolean;
}

const key = 'tschat.preferences';
const defaults: Preferences = {
	language: 'system',
	theme: 'system',
	notifications: false,
	titleBadge: false,
	enterSends: true,
};

const oneOf = <T>(values: readonly T[], value: unknown, otherwise: T): T =>
	values.find((known) => known === value) ?? otherwise;

const stored = (): Preferences => {
	const { language, theme, notifications, titleBadge, enterSends } = {
		...defaults,
		...(loadValue(key) as object | undefined),
	};
	return {
		language: oneOf(['system', ...languages], language, defaults.language),
		theme: oneOf(themes, theme, defaults.theme),
		notifications: notifications === true,
		titleBadge: titleBadge === true,
		enterSends: enterSends !== false,
	};
};

export const usePreferences = create<Preferences>(stored);

/** The language that the page should speak. */
export const wantedLanguage = ({ language }: Preferences): Language =>
	language === 'system' ? systemLanguage() : language;

const show = (preferences: Preferences): void => {
	// `system` leaves it to the browser: see the tokens' color-scheme.
	if (preferences.theme === 'system') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = preferences.theme;
};

/** Applies what is chosen now and from now on, and keeps it. */
export const applyPreferences = (): void => {
	show(usePreferences.getState());
	usePreferences.subscribe((preferences, before) => {
		saveValue(key, preferences);
		show(preferences);
		if (preferences.language !== before.language) void speak(wantedLanguage(preferences));
	});
};
