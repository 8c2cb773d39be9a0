/** Runs at most so many pieces of work at once; the rest wait in order. */
export const createLimiter = (most: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
	const waiting: (() => void)[] = [];
	let running = 0;

	const finished = () => {
		const next = waiting.shift();
		if (next === undefined) running -= 1;
		else next();
	};

	return async (work) => {
		if (running < most) running += 1;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await work();
		} finally {
			finished();
		}
	};
};
