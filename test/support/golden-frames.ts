import { readFileSync } from 'node:fs';
import type { ClientFrameV2 } from '../../src/protocol/v2/client-frames.ts';
import type { ServerFrameV2 } from '../../src/protocol/v2/server-frames.ts';

/** Frames of protocol v2 as text, and what they mean: written by hand, so that no change of the code moves them unseen. */
export interface GoldenFrames {
	readonly client: readonly { readonly name: string; readonly text: string; readonly frame: ClientFrameV2 }[];
	/** JSON objects that are answered with `bad-request`, naming the field; the connection stays. */
	readonly refused: readonly { readonly name: string; readonly text: string; readonly field: string }[];
	/** What is no frame at all, and closes the connection. */
	readonly malformed: readonly { readonly name: string; readonly text: string }[];
	readonly server: readonly {
		readonly name: string;
		readonly text: string;
		readonly frame: ServerFrameV2;
		/** The bytes of the WebSocket frame, and of the TCP packet, in hexadecimal. */
		readonly webSocket?: string;
		readonly packet?: string;
	}[];
}

export const goldenFrames: GoldenFrames = JSON.parse(
	readFileSync(new URL('../protocol/tschat-v2.json', import.meta.url), 'utf8'),
);
