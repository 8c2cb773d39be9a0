import type { ChatStore } from '../ports/chat-store.ts';
import type { Passwords } from './password.ts';
import { parseUserName } from './user-name.ts';

const names = ['demo', 'test', 'admin'];
const administrator = 'admin';
const password = '111111';

/** Ids that are looked at for others; stores give them in turn, but for some that are lost. */
const firstIds = Array.from({ length: 100 }, (_, index) => index + 1);

/**
 * Creates the users of a demonstration that do not exist yet, which costs a hash each, only then; and makes `admin` an
 * administrator, also one that was created before there were any. Where one is missing nothing is done in a store that has other
 * users, as one that is restored for a look at it: everybody knows the password. False then.
 */
export const ensureDemoUsers = async (store: ChatStore, passwords: Passwords): Promise<boolean> => {
	const keys = names.map((given) => parseUserName(given).key);
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
	await store.setAdmin(parseUserName(administrator).key, true);
	return true;
};
