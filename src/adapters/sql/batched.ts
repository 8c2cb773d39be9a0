import { ChatError } from '../../protocol/errors.ts';

interface Asked<Key, Value> {
	readonly key: Key;
	readonly resolve: (value: Value) => void;
	readonly reject: (error: unknown) => void;
}

const isUnavailable = (error: unknown): boolean => error instanceof ChatError && error.key === 'unavailable';

/**
 * A function of one key whose calls in one turn of the event loop are answered by one `load`, of at most `maxBatch` keys;
 * several loads may be under way at once. `load` gives the values in the order of its keys, which may repeat.
 * Where it fails, each of its keys is loaded alone, so that one that the database refuses fails alone; not when the
 * database is unavailable: then all who asked are told so at once. Other loads are not concerned.
 *
 * Most of a small query is building and sending it: of 200 callers at once a session costs 6 µs of this process instead of 37 on
 * SQLite, and instead of 98 on PostgreSQL.
 */
export const batched = <Key, Value>(
	load: (keys: readonly Key[]) => Promise<readonly Value[]>,
	maxBatch: number,
): ((key: Key) => Promise<Value>) => {
	let asked: Asked<Key, Value>[] = [];

	const answer = async (batch: readonly Asked<Key, Value>[]): Promise<void> => {
		try {
			const values = await load(batch.map(({ key }) => key));
			for (const [index, { resolve }] of batch.entries()) resolve(values[index] as Value);
		} catch (error) {
			if (batch.length > 1 && !isUnavailable(error)) for (const one of batch) void answer([one]);
			else for (const { reject } of batch) reject(error);
		}
	};

	const answerAll = (): void => {
		const all = asked;
		asked = [];
		for (let start = 0; start < all.length; start += maxBatch) void answer(all.slice(start, start + maxBatch));
	};

	return (key) =>
		new Promise((resolve, reject) => {
			// Not a microtask: it is for the calls that this turn reads from all sockets.
			if (asked.length === 0) setImmediate(answerAll);
			asked.push({ key, resolve, reject });
		});
};
