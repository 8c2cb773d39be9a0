import { type Saved, type Store, webStorage } from 'tschat/client';

/** Tabs of one user and browser that keep their state beyond the tab's own life. */
const slots = 20;

/** Holds a lock until the page is gone, if nobody else does. */
const claim = (name: string): Promise<boolean> =>
	new Promise((resolve) => {
		void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
			resolve(lock !== null);
			return lock === null ? undefined : new Promise(() => {});
		});
	});

const choose = async (userId: string): Promise<Store> => {
	const name = (slot: number) => `tschat.state.${userId}.${slot}`;
	// Without a secure context there are no locks: each tab keeps its own, over a reload.
	if (navigator.locks === undefined) return webStorage(sessionStorage, name(0));
	for (let slot = 0; slot < slots; slot += 1) {
		if (await claim(name(slot))) return webStorage(localStorage, name(slot));
	}
	return webStorage(sessionStorage, name(0));
};

/** By user: whoever logs in again in this tab goes on with the same. */
const chosen = new Map<string, Promise<Store>>();

/**
 * Where a tab keeps positions and unsent messages: the first place that no other tab of the same user has. So two tabs never
 * share one, and after a restart of the browser what was unsent is found again.
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
