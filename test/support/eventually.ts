/**
 * Awaits a condition that something outside this process brings about (a server, a database), by asking until it holds.
 * Where an event can be awaited, await the event instead. Rejects with the last failure when the time is over.
 */
export const eventually = async <T>(probe: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> => {
	const end = performance.now() + timeoutMs;
	for (;;) {
		try {
			return await probe();
		} catch (error) {
			if (performance.now() > end) throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
};
