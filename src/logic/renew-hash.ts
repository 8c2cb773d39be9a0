import type { ChatStore, StoredUser } from '../ports/chat-store.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Passwords } from './password.ts';

/** After a log-in: hashes the password anew when its hash was made with other parameters than are configured. Returns at once. */
export type RenewHash = (user: StoredUser, password: string) => void;

/**
 * One hash at a time, beside the log-ins, which want the processor too: a user who is passed over has the next log-in for it.
 * It replaces only the hash that the log-in has checked, so it never undoes a change of the password.
 */
export const createRenewHash = (parts: {
	readonly store: Pick<ChatStore, 'setPasswordHash'>;
	readonly passwords: Passwords;
	readonly logger: Logger;
}): RenewHash => {
	const { store, passwords, logger } = parts;
	let underWay = false;

	const renew = async ({ id, passwordHash }: StoredUser, password: string): Promise<void> => {
		underWay = true;
		try {
			await store.setPasswordHash(id, await passwords.hash(password), passwordHash);
		} catch (error) {
			logger.debug({ err: error }, 'a password was not hashed anew');
		} finally {
			underWay = false;
		}
	};

	return (user, password) => {
		if (!underWay && passwords.outdated(user.passwordHash)) void renew(user, password);
	};
};
