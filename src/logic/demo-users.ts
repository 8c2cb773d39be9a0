import type { ChatStore } from '../ports/chat-store.ts';
import type { Passwords } from './password.ts';
import { parseUserName } from './user-name.ts';

const names = ['demo', 'test', 'admin'];
const administrator = 'admin';
const password = '111111';

/**
 * Creates the users of a demonstration that do not exist yet, which costs a hash each, only then; and makes `admin` an
 * administrator, also one that was created before there were any.
 */
export const ensureDemoUsers = async (store: ChatStore, passwords: Passwords): Promise<void> => {
	const missing = async (given: string) => {
		const { name, key: nameKey } = parseUserName(given);
		if ((await store.userByNameKey(nameKey)) !== undefined) return [];
		return [{ name, nameKey, passwordHash: await passwords.hash(password) }];
	};
	const users = (await Promise.all(names.map(missing))).flat();
	// One after the other, so that their ids are the same everywhere.
	for (const user of users) await store.createUser({ ...user, createdAt: Date.now() });
	await store.setAdmin(parseUserName(administrator).key, true);
};
