/** What the user of scripts/backup and scripts/restore is told in a line, without a stack. `exitCode` 2: it was called wrongly. */
export class BackupFailure extends Error {
	constructor(message, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}
