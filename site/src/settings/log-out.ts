import { type AccountAccess, signOut, TschatError } from 'tschat/client';
import { signedOut, useSession } from '../session/session.ts';

/** Logs out on this browser at once, and at the server; the log-in tells when the server could not be told. */
export const logOut = async (access: AccountAccess): Promise<void> => {
	// This browser first: the socket that the server closes would look as if another device had ended the session.
	signedOut();
	try {
		await signOut(access);
	} catch (error) {
		const over = error instanceof TschatError && error.code === 'unauthorized';
		if (!over && useSession.getState().session === null) signedOut('untold');
	}
};
