import type { Saved, Store } from './store.ts';

/** Shortest time between two saves. */
const intervalMs = 100;

/** Saves soon after a change: all changes of one turn together, one save at a time, and none more than ten times a second. */
export class Saver {
	readonly #store: Store;
	readonly #snapshot: () => Saved;
	readonly #failed: (error: unknown) => void;
	#dirty = false;
	#finished = false;
	#running: Promise<void> | undefined;
	#skipPause: (() => void) | undefined;

	constructor(store: Store, snapshot: () => Saved, failed: (error: unknown) => void) {
		this.#store = store;
		this.#snapshot = snapshot;
		this.#failed = failed;
	}

	changed(): void {
		if (this.#finished) return;
		this.#dirty = true;
		this.#running ??= this.#run();
	}

	/** Saves a last time, as things are at the call. */
	async finish(): Promise<void> {
		if (this.#finished) return;
		this.#finished = true;
		const last = this.#snapshot();
		this.#skipPause?.();
		await this.#running;
		await this.#save(last);
	}

	async #run(): Promise<void> {
		await Promise.resolve();
		while (this.#dirty && !this.#finished) {
			this.#dirty = false;
			await this.#save(this.#snapshot());
			await this.#pause();
		}
		this.#running = undefined;
	}

	async #save(saved: Saved): Promise<void> {
		try {
			await this.#store.save(saved);
		} catch (error) {
			this.#failed(error);
		}
	}

	#pause(): Promise<void> {
		if (this.#finished) return Promise.resolve();
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, intervalMs);
			this.#skipPause = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
