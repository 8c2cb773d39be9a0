import { useEffect, useState } from 'react';
import { listSessions, type Session } from 'tschat/client';

/** Where a person is logged in. After a change, `reload` asks the server again; what was known stands until it answers. */
export const useSessions = (api: string, token: string) => {
	const [asked, setAsked] = useState(0);
	const [sessions, setSessions] = useState<readonly Session[]>([]);
	const [error, setError] = useState<unknown>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is not read, a change of it asks again
	useEffect(() => {
		let wanted = true;
		listSessions({ api, token }).then(
			(answer) => {
				if (!wanted) return;
				setSessions(answer);
				setError(undefined);
			},
			(cause: unknown) => wanted && setError(cause),
		);
		return () => {
			wanted = false;
		};
	}, [api, token, asked]);
	return { sessions, error, reload: () => setAsked((times) => times + 1) };
};
