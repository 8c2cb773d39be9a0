/** A fault in what the person typed or configured: told in one line, exit code 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	/** Each fault by itself, where the message tells of several. */
	readonly faults: readonly string[];

	constructor(message: string, faults: readonly string[] = [message]) {
		super(message);
		this.faults = faults;
	}
}

/** Something that this process needs is not there: told in one line that names the remedy, exit code 1. */
export class StartError extends Error {
	override readonly name = 'StartError';
}
