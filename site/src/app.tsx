import { lazy, Suspense, useEffect, useRef } from 'react';
import { openConversation } from './chat/open-conversation.ts';
import { useSession } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';

const loadShell = () => import('./shell/shell.tsx');
// Whoever is signed in needs it: it comes while the texts and the configuration do.
if (useSession.getState().session !== null && location.pathname !== '/status') void loadShell().catch(() => {});

const Shell = lazy(async () => ({ default: (await loadShell()).Shell }));
const StatusPage = lazy(async () => ({ default: (await import('./status/status-page.tsx')).StatusPage }));

/** Chooses what is shown: the log-in, the chat, or for operators the status. */
export const App = () => {
	const session = useSession((state) => state.session);
	const before = useRef(session);
	useEffect(() => {
		// Whoever comes next did not choose what was open.
		if (before.current !== null && before.current.user.id !== session?.user.id) openConversation(null);
		before.current = session;
	}, [session]);
	if (session === null) return <SignIn />;
	return (
		<Suspense>
			{location.pathname === '/status' ? (
				<StatusPage session={session} />
			) : (
				// Another user is another chat, from the beginning.
				<Shell key={session.token} session={session} />
			)}
		</Suspense>
	);
};
