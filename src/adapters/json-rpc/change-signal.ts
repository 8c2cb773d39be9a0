/** Wakes those who wait for something to change. */
export class ChangeSignal {
	#waiting = new Set<() => void>();

	/** Resolves at the next `notify`, or after `withinMs`. */
	wait(withinMs: number): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, withinMs);
			this.#waiting.add(wake);
		});
	}

	notify(): void {
		for (const wake of [...this.#waiting]) wake();
	}
}
