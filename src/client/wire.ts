import type { ClientFrameV2 } from '../protocol/v2/client-frames.ts';

/** Where frames go out. */
export interface Wire {
	/** Whether there is a connection on which the server has said welcome. */
	readonly open: boolean;
	/**
	 * Pings sent so far. Requests of one connection are answered in their order: one that was sent before a ping, and is not
	 * answered when the pong is here, never will be.
	 */
	readonly pings: number;
	/** Sends a frame, or drops it when there is no such connection. */
	send(frame: ClientFrameV2): void;
}
