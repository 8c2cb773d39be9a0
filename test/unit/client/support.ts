import type { Wire } from '../../../src/client/wire.ts';
import type { ClientFrameV2 } from '../../../src/protocol/v2/client-frames.ts';
import { type MessageV2, toMessageV2 } from '../../../src/protocol/v2/values.ts';
import { message } from '../../support/messages.ts';

/** A message of room 1 with this `seq`, as clients get it. */
export const messageV2 = (seq: number): MessageV2 => toMessageV2(message(seq));

export const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, index) => from + index);

/** A connection that keeps what is sent, and opens and closes as the test says. */
export class TestWire implements Wire {
	open = true;
	pings = 0;
	readonly frames: ClientFrameV2[] = [];

	send(frame: ClientFrameV2): void {
		if (this.open) this.frames.push(frame);
	}

	/** What was sent since the last look. */
	take(): ClientFrameV2[] {
		return this.frames.splice(0);
	}
}
