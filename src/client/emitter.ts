/** Typed events. Listeners are called in the order of their arrival; one that throws harms neither the others nor the client. */
export class Emitter<Events> {
	#listeners: { [Name in keyof Events]?: Set<{ call(event: Events[Name]): void }> } = {};

	/** Calls the listener at each event from now on, until the function that is returned is called. */
	on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
		const entry = { call: listener };
		const entries = this.#listeners[name] ?? new Set();
		this.#listeners[name] = entries.add(entry);
		return () => void entries.delete(entry);
	}

	emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
		for (const entry of [...(this.#listeners[name] ?? [])]) {
			try {
				entry.call(event);
			} catch (error) {
				// The host reports it as it does for any of its own events.
				queueMicrotask(() => {
					throw error;
				});
			}
		}
	}

	clear(): void {
		this.#listeners = {};
	}
}
