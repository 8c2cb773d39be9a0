import { memoryStore, type Saved, type Store, webStorage } from 'tschat/client';

/** Tabs of one user and browser that keep their state beyond the tab's own life. */
const slots = 20;

const nameOf = (userId: string, slot: number): string => `tschat.state.${userId}.${slot}`;

/** Holds a lock until the page is gone, if nobody else does. */
const claim = (name: string): Promise<boolean> =>
	new Promise((resolve) => {
		void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
			resolve(lock !== null);
			return lock === null ? undefined : new Promise(() => {});
		});
	});

/** What a tab that is gone has left unsent: it goes on as our own, and is in our place before it is taken from there. */
const adopted = async (saved: Saved | undefined, userId: string, own: Store): Promise<Saved | undefined> => {
	let all = saved;
	for (let slot = 0; slot < slots; slot += 1) {
		const name = nameOf(userId, slot);
		if (localStorage.getItem(name) === null) continue;
		await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
			// Ours, or that of another tab.
			if (lock === null) return;
			const { unsent = [] } = (await webStorage(localStorage, name).load()) ?? {};
			if (unsent.length > 0) {
				const { version, cursors, reads, ...rest }: Saved = all ?? { version: 1, cursors: {}, unsent: [], reads: {} };
				all = { ...rest, version, cursors, reads, unsent: [...unsent, ...rest.unsent] };
				await own.save(all);
			}
			localStorage.removeItem(name);
		});
	}
	return all;
};

const choose = async (userId: string): Promise<Store> => {
	try {
		// Without a secure context there are no locks: each tab keeps its own, over a reload.
		if (navigator.locks === undefined) return webStorage(sessionStorage, nameOf(userId, 0));
		for (let slot = 0; slot < slots; slot += 1) {
			const own = webStorage(localStorage, nameOf(userId, slot));
			if (!(await claim(nameOf(userId, slot)))) continue;
			return { load: async () => adopted(await own.load(), userId, own), save: (saved) => own.save(saved) };
		}
		return webStorage(sessionStorage, nameOf(userId, 0));
	} catch {
		// The browser keeps nothing for this page.
		return memoryStore();
	}
};

/** By user: whoever logs in again in this tab goes on with the same. */
const chosen = new Map<string, Promise<Store>>();

/**
 * Where a tab keeps positions and unsent messages: the first place that no other tab of the same user has. So two tabs never
 * share one, and what was unsent in tabs that are gone, as after a restart of the browser, is sent by the next one.
 */
export const slotStore = (userId: string): Store => {
	const store = () => {
		const slot = chosen.get(userId) ?? choose(userId);
		chosen.set(userId, slot);
		return slot;
	};
	return {
		load: async () => (await store()).load(),
		save: async (saved: Saved) => (await store()).save(saved),
	};
};
