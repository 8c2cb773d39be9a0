export interface Sampler<S> {
	/** What was taken last, oldest first. */
	samples(): S[];
	stop(): void;
}

interface Options<S> {
	readonly intervalMs: number;
	/** Samples that are kept. */
	readonly keep: number;
	/** Takes the sample of a moment, in ms since 1970. Must not reject. While it is under way no other is taken. */
	take(at: number): S | Promise<S>;
}

/**
 * Takes a sample at each whole multiple of the interval since 1970, so that those of several processes are of the same moments.
 * Moments that a busy process misses are left out. Keeps no process alive.
 */
export const startSampler = <S extends { readonly at: number }>({ intervalMs, keep, take }: Options<S>): Sampler<S> => {
	let samples: S[] = [];
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	const tick = async (due: number): Promise<void> => {
		const now = Date.now();
		// A timer may be a millisecond early.
		if (now >= due) {
			const at = now - (now % intervalMs);
			const sample = await take(at);
			// A clock that was set back gives some moments again.
			samples = [...samples.filter((earlier) => earlier.at < at), sample].slice(-keep);
		}
		if (!stopped) plan();
	};

	const plan = (): void => {
		const now = Date.now();
		const due = now - (now % intervalMs) + intervalMs;
		timer = setTimeout(() => void tick(due), due - now).unref();
	};

	plan();
	return {
		samples: () => samples,
		stop: () => {
			stopped = true;
			clearTimeout(timer);
		},
	};
};
