import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguages } from './i18n/i18n.ts';
import { loadPageConfig } from './page-config.ts';
import { PageContext } from './page-context.ts';
import { applyPreferences, usePreferences, wantedLanguage } from './preferences/preferences.ts';
import { followOtherTabs } from './session/session.ts';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { Unreachable } from './shell/unreachable.tsx';
import './styles/tokens.css';
import './styles/base.css';

const start = async (): Promise<void> => {
	applyPreferences();
	followOtherTabs();
	const root = createRoot(document.getElementById('root') ?? document.body);
	const [config] = await Promise.all([
		loadPageConfig().catch(() => undefined),
		startLanguages(wantedLanguage(usePreferences.getState())),
	]);
	root.render(
		config === undefined ? (
			<Unreachable />
		) : (
			<ErrorBoundary>
				<PageContext value={config}>
					<App />
				</PageContext>
			</ErrorBoundary>
		),
	);
};

void start();
