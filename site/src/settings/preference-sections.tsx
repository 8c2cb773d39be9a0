import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languages } from '../i18n/i18n.ts';
import { languageNames } from '../i18n/language-names.ts';
import { askForNotifications, notificationState, notificationsPossible } from '../notify/desktop.ts';
import { themes, usePreferences } from '../preferences/preferences.ts';
import { Choice, Toggle } from './controls.tsx';
import { Section } from './section.tsx';

const set = usePreferences.setState;

export const AppearanceSection = () => {
	const { t } = useTranslation();
	const { theme, language } = usePreferences();
	const known = languages.map((value) => ({ value, text: languageNames[value].name, lang: languageNames[value].tag }));
	return (
		<Section title={t('settings.appearance.title')}>
			<Choice
				label={t('settings.appearance.theme')}
				options={themes.map((value) => ({ value, text: t(`settings.appearance.themes.${value}`) }))}
				value={theme}
				onChange={(chosen) => set({ theme: chosen })}
			/>
			<Choice
				label={t('settings.appearance.language')}
				options={[{ value: 'system', text: t('settings.appearance.system') }, ...known]}
				value={language}
				onChange={(chosen) => set({ language: chosen })}
			/>
		</Section>
	);
};

export const NotificationsSection = () => {
	const { t } = useTranslation();
	const { notifications: wanted, titleBadge } = usePreferences();
	const [state, setState] = useState(notificationState);
	const change = async (checked: boolean) => {
		const answer = checked ? await askForNotifications() : state;
		setState(answer);
		set({ notifications: checked && answer === 'granted' });
	};
	return (
		<Section title={t('settings.notifications.title')}>
			<Toggle
				label={t('settings.notifications.desktop')}
				hint={state === 'granted' || state === 'undecided' ? undefined : t(`settings.notifications.${state}`)}
				checked={wanted && state === 'granted'}
				disabled={!notificationsPossible()}
				onChange={change}
			/>
			<Toggle
				label={t('settings.notifications.titleBadge')}
				hint={undefined}
				checked={titleBadge}
				onChange={(checked) => set({ titleBadge: checked })}
			/>
		</Section>
	);
};

export const ComposerSection = () => {
	const { t } = useTranslation();
	const enterSends = usePreferences((preferences) => preferences.enterSends);
	return (
		<Section title={t('settings.composer.title')}>
			<Toggle
				label={t('settings.composer.enterSends')}
				hint={t(enterSends ? 'settings.composer.enterSendsHint' : 'settings.composer.enterBreaksHint')}
				checked={enterSends}
				onChange={(checked) => set({ enterSends: checked })}
			/>
		</Section>
	);
};
