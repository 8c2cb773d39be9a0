import type { SignedIn } from 'tschat/client';
import { create } from 'zustand';
import { loadValue, saveValue } from '../persisted.ts';

/** Why the page is signed out, when the person did not ask for it. */
export type Ending = 'revoked' | 'failed' | 'untold';

interface SessionState {
	/** Null: nobody is signed in. */
	readonly session: SignedIn | null;
	readonly ending: Ending | null;
}

const key = 'tschat.session';

const isSignedIn = (value: unknown): value is SignedIn => {
	const { token, user } = (value ?? {}) as Partial<SignedIn>;
	return typeof token === 'string' && typeof user?.id === 'string' && typeof user.name === 'string';
};

const stored = (): SignedIn | null => {
	const value = loadValue(key);
	return isSignedIn(value) ? value : null;
};

/** Who is signed in on this browser: the same in all its tabs, and after a reload. */
export const useSession = create<SessionState>(() => ({ session: stored(), ending: null }));

export const signedIn = (session: SignedIn): void => {
	saveValue(key, session);
	useSession.setState({ session, ending: null });
};

/**
 * The session of this token is over: `ending` tells the person why, unless it was the person's own wish. Where another tab has signed in
 * meanwhile, its session is that of this tab too: one that was frozen has not heard of it.
 */
export const signedOut = (token: string, ending: Ending | null = null): void => {
	const session = stored();
	if (session === null || session.token === token) {
		saveValue(key, undefined);
		useSession.setState({ session: null, ending });
	} else if (session.token !== useSession.getState().session?.token) {
		useSession.setState({ session, ending: null });
	}
};

/** Follows what other tabs do, from now on. */
export const followOtherTabs = (): void =>
	addEventListener('storage', (event) => {
		if (event.key !== key && event.key !== null) return;
		const session = stored();
		if (session?.token !== useSession.getState().session?.token) useSession.setState({ session, ending: null });
	});
