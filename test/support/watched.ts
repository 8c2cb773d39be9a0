/** Something that changes, and those who wait for a change. */
export class Watched {
	readonly #listeners = new Set<() => void>();

	/** To be called after each change. */
	protected changed(): void {
		for (const listener of this.#listeners) listener();
	}

	/** For the error of a wait in vain. */
	protected describe(): string {
		return '';
	}

	/** Resolves with the result as soon as `look` gives one: it looks after each change. Rejects when the time is over. */
	until<T>(look: () => T | undefined, what: string, timeoutMs = 10_000): Promise<T> {
		return new Promise((resolve, reject) => {
			const check = () => {
				const result = look();
				if (result === undefined) return;
				clearTimeout(timer);
				this.#listeners.delete(check);
				resolve(result);
			};
			const timer = setTimeout(() => {
				this.#listeners.delete(check);
				reject(new Error(`${what} did not come in ${timeoutMs} ms; ${this.describe()}`));
			}, timeoutMs);
			this.#listeners.add(check);
			check();
		});
	}
}
