import type { ChatStore } from '../ports/chat-store.ts';
import type { Passwords } from './password.ts';
import { parseUserName } from './user-name.ts';

const names = ['demo', 'test', 'admin'];
const administrator = 'admin';
const password = '111111';

/** Ids that are looked at for who came first; stores give them in turn, but for some that are lost. */
const firstIds = Array.from({ length: 100 }, (_, index) => index + 1);

/**
 * Creates the users of a demonstration that do not exist yet, which costs a hash each, only then; and makes `admin` an
 * administrator, also one that was created before there were any. Not in a store that began with others, as one that is restored
 * for a look at it: everybody knows the password. False then.
 */
export const ensureDemoUsers = async (store: ChatStore, passwords: Passwords): Promise<boolean> => {
	const first = (await store.usersById(firstIds)).toSorted((one, other) => one.id - other.id)[0];
	if (first !== undefined && !names.includes(parseUserName(first.name).key)) return false;
	const missing = async (given: string) => {
		const { name, key: nameKey } = parseUserName(given);
		if ((await store.userByNameKey(nameKey)) !== undefined) return [];
		return [{ name, nameKey, passwordHash: await passwords.hash(password) }];
	};
	const users = (await Promise.all(names.map(missing))).flat();
	// One after the other, so that their ids are the same everywhere.
	for (const user of users) await store.createUser({ ...user, createdAt: Date.now() });
	await store.setAdmin(parseUserName(administrator).key, true);
	return true;
};
