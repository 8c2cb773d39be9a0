import { afterAll, beforeAll } from 'vitest';
import type { ChatStore, Receipt } from '../../src/ports/chat-store.ts';
import type { UserRef } from '../../src/protocol/message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Two handles on one database, `other` as another process has it. */
export interface Handles {
	readonly url: string;
	readonly store: ChatStore;
	readonly other: ChatStore;
}

/** Opens a new database before the tests of this block, and closes it after them. */
export const openedTwice = (subject: () => StoreUnderTest): (() => Handles) => {
	let handles: Handles | undefined;
	beforeAll(async () => {
		const url = await subject().createDatabase();
		const [store, other] = await Promise.all([subject().open(url), subject().open(url)]);
		handles = { url, store, other };
	});
	afterAll(async () => {
		await Promise.all([handles?.store.close(), handles?.other.close()]);
	});
	return () => {
		if (handles === undefined) throw new Error('the store is opened before the tests, not while they are declared');
		return handles;
	};
};

export const newAccount = (nameKey: string) => ({
	name: `Name ${nameKey}`,
	nameKey,
	passwordHash: 'phc',
	createdAt: 5,
});

/** Receipts, which come in any order, in that of their users. */
export const byUser = (receipts: readonly Receipt[] | null): Receipt[] | undefined =>
	receipts?.toSorted((one, other) => one.userId - other.userId);

let users = 0;

/** A user that no other test knows. */
export const newUser = async (store: ChatStore): Promise<UserRef> => {
	const user = await store.createUser(newAccount(`new user ${++users}`));
	if (user === undefined) throw new Error('the name is taken');
	return user;
};
