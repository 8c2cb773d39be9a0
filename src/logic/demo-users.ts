import type { ChatStore } from '../ports/chat-store.ts';
import type { Passwords } from './password.ts';
import { parseUserName } from './user-name.ts';

const names = ['demo', 'test', 'admin'];
const administrator = 'admin';
const password = '111111';

const keys = names.map((given) => parseUserName(given).key);

/** Ids that are looked at for others; stores give them in turn, but for some that are lost. */
const firstIds = Array.from({ length: 100 }, (_, index) => index + 1);

/**
 * Creates the users of a demonstration that do not exist yet, which costs a hash each, only then; `admin` as an administrator. Where one is missing nothing is done in a store that has other
 * users, as one that is restored for a look at it: everybody knows the password. False then.
 */
export const ensureDemoUsers = async (store: ChatStore, passwords: Passwords): Promise<boolean> => {
	const present = await Promise.all(keys.map((key) => store.userByNameKey(key)));
	const missing = names.filter((_, index) => present[index] === undefined);
	if (missing.length > 0) {
		const first = await store.usersById(firstIds);
		if (first.some((user) => !keys.includes(parseUserName(user.name).key))) return false;
	}
	const hashed = async (given: string) => {
		const { name, key: nameKey } = parseUserName(given);
		return { name, nameKey, passwordHash: await passwords.hash(password) };
	};
	// One after the other, so that their ids are the same everywhere.
	for (const user of await Promise.all(missing.map(hashed))) await store.createUser({ ...user, createdAt: Date.now() });
	if (missing.includes(administrator)) await store.setAdmin(parseUserName(administrator).key, true);
	return true;
};

/** The names of those users that development left in the store with the password that everybody knows, and that are not banned for good: a ban that ends would let everybody in. */
export const knownUsers = async (store: ChatStore, passwords: Passwords): Promise<string[]> => {
	const now = Date.now();
	const found = await Promise.all(
		keys.map(async (key) => {
			const user = await store.userByNameKey(key);
			if (user === undefined || (await store.inForce(user.id, 'ban', now))?.until === null) return [];
			return (await passwords.verify(password, user.passwordHash)) ? [user.name] : [];
		}),
	);
	return found.flat();
};
