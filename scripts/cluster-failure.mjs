/** What the user of scripts/cluster is told in a line or two, without a stack. `exitCode` 2: it was called wrongly. */
export class ClusterFailure extends Error {
	constructor(message, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}
