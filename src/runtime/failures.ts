/** A fault in what the person typed or configured: told in one line, exit code 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/** Something that this process needs is not there: told in one line that names the remedy, exit code 1. */
export class StartError extends Error {
	override readonly name = 'StartError';
}
