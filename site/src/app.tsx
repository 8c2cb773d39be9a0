import { lazy, Suspense, useEffect, useRef } from 'react';
import { openConversation } from './chat/open-conversation.ts';
import { useSession } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shell } from './shell/shell.tsx';

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
	if (location.pathname === '/status') {
		return (
			<Suspense>
				<StatusPage session={session} />
			</Suspense>
		);
	}
	// Another user is another chat, from the beginning.
	return <Shell key={session.token} session={session} />;
};
