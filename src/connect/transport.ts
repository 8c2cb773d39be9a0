import type { CloseKey } from '../protocol/close-codes.ts';

/** One client's connection, as a gateway gives it: bytes out, a ping, a close. */
export interface Transport {
	/** Sends bytes that are already framed; they may be shared with other connections and are never changed. */
	write(bytes: Buffer): void;
	/** Bytes taken by `write` that the kernel has not accepted yet. */
	unsentBytes(): number;
	/** Changes whenever the far end takes something, also in the middle of one long write. */
	progress(): number;
	/** Resolves when `unsentBytes` is 0 again, or the connection is closed. */
	drained(): Promise<void>;
	/** The longest frame that is taken from the client, in bytes. */
	readonly maxFrameBytes: number;
	ping(): void;
	/** Whether a live client answers pings, so that silence means it is gone. */
	readonly answersPings: boolean;
	pauseReading(): void;
	resumeReading(): void;
	/** Tells the client why, as far as its protocol can, and closes; cuts the connection if the client does not follow. */
	close(why: CloseKey): void;
}
