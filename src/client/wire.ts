import type { ClientFrameV2 } from '../protocol/v2/client-frames.ts';

/** Where frames go out. */
export interface Wire {
	/** Whether there is a connection on which the server has said welcome. */
	readonly open: boolean;
	/** Sends a frame, or drops it when there is no such connection. */
	send(frame: ClientFrameV2): void;
}
