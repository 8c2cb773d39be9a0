import type { UserV2 } from '../protocol/v2/values.ts';
import type { StorageLike } from './hosts.ts';
import type { Unsent } from './outbox.ts';

/** What a client needs to go on where another one of the same user and device stopped. Plain JSON. */
export interface Saved {
	readonly version: 1;
	readonly user?: UserV2 | undefined;
	/** Position in the inbox of direct messages. */
	readonly inbox?: number | undefined;
	/** The last position of each conversation that is followed. */
	readonly cursors: Readonly<Record<string, number>>;
	readonly unsent: readonly Unsent[];
	/** Reads that the server has not confirmed. */
	readonly reads: Readonly<Record<string, number>>;
}

/**
 * Where the state is kept: one store for each user and device, not shared by two clients at a time. `save` replaces what was
 * saved before; it is not called again before it has settled. Positions are saved after their messages were emitted, so the
 * last few may be emitted again after a crash, but none is lost.
 *
 * ```ts
 * const file: Store = {
 * 	load: async () => JSON.parse(await readFile('chat.json', 'utf8')),
 * 	save: (saved) => writeFile('chat.json', JSON.stringify(saved)),
 * };
 * ```
 */
export interface Store {
	load(): Promise<Saved | undefined>;
	save(saved: Saved): Promise<void>;
}

/** Keeps the state as long as the store itself: for tests, and for clients that are replaced within one process. */
export const memoryStore = (): Store => {
	let kept: Saved | undefined;
	return {
		load: async () => kept,
		save: async (saved) => {
			kept = saved;
		},
	};
};

const isSaved = (value: unknown): value is Saved =>
	typeof value === 'object' && value !== null && 'version' in value && value.version === 1;

/**
 * Keeps the state in a browser's storage. What cannot be understood counts as nothing.
 *
 * ```ts
 * const store = webStorage(localStorage, `chat of ${user.id}`);
 * ```
 */
export const webStorage = (storage: StorageLike, key: string): Store => ({
	load: async () => {
		try {
			const value: unknown = JSON.parse(storage.getItem(key) ?? 'null');
			return isSaved(value) ? value : undefined;
		} catch {
			return undefined;
		}
	},
	save: async (saved) => storage.setItem(key, JSON.stringify(saved)),
});
