import { type AccountAccess, signOut, TschatError } from 'tschat/client';
import { forgetDrafts } from '../chat/drafts.ts';
import { signedOut, useSession } from '../session/session.ts';

/**
 * Logs out on this browser at once, and at the server; the log-in tells when the server could not be told. What one had begun to
 * write is gone from this browser; what waits to be sent is not, and is sent when one logs in here again.
 */
export const logOut = async (access: AccountAccess): Promise<void> => {
	const userId = useSession.getState().session?.user.id;
	// This browser first: the socket that the server closes would look as if another device had ended the session.
	signedOut(access.token);
	try {
		await signOut(access);
	} catch (error) {
		const over = error instanceof TschatError && error.code === 'unauthorized';
		if (!over && useSession.getState().session === null) signedOut(access.token, 'untold');
	}
	// The chat has ended meanwhile, and kept the last of them.
	if (userId !== undefined) forgetDrafts(userId);
};
