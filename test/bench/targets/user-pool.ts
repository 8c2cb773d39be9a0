import type { BenchUser } from './target.ts';

/** Users as they are wanted: those that were made for one call are the first of every later one. `make` gets how many there are, and how many there shall be. */
export const userPool = (make: (from: number, to: number) => Promise<readonly BenchUser[]>) => {
	const made: BenchUser[] = [];
	let last: Promise<unknown> = Promise.resolve();
	return (count: number): Promise<readonly BenchUser[]> => {
		const users = last.then(async () => {
			if (made.length < count) made.push(...(await make(made.length, count)));
			return made.slice(0, count);
		});
		// A failure is its caller's; the next one tries again.
		last = users.catch(() => {});
		return users;
	};
};
