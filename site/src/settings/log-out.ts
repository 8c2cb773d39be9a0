import { type AccountAccess, signOut } from 'tschat/client';
import { signedOut } from '../session/session.ts';

/** Logs out on this browser at once, and at the server if it answers; if not, the session ends there when it expires. */
export const logOut = (access: AccountAccess): void => {
	// This browser first: the socket that the server closes would look as if another device had ended the session.
	signedOut();
	signOut(access).catch(() => undefined);
};
