interface Step {
	readonly what: string;
	readonly run: () => Promise<void>;
}

/** What a stop has to undo, newest first. Filled while a process starts, so that a stop at any moment undoes what there is. */
export interface Teardown {
	add(what: string, run: () => Promise<void>): void;
	/** Runs every step, one after the other, whatever the others did. Resolves to the failures. */
	run(): Promise<{ what: string; error: unknown }[]>;
	/** What is under way, and what still waits for it. */
	pending(): string[];
}

export const createTeardown = (): Teardown => {
	const steps: Step[] = [];
	return {
		add: (what, run) => void steps.push({ what, run }),
		run: async () => {
			const failures: { what: string; error: unknown }[] = [];
			for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
				try {
					await step.run();
				} catch (error) {
					failures.push({ what: step.what, error });
				}
				steps.splice(steps.indexOf(step), 1);
			}
			return failures;
		},
		pending: () => steps.map((step) => step.what).reverse(),
	};
};
