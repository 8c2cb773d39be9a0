import type { RpcClient } from '../ports/rpc.ts';
import type { ChatError } from '../protocol/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Admission } from './admission.ts';
import type { CatchUp } from './catch-up.ts';
import type { Channel } from './channel.ts';
import type { ClientFrame } from './codec.ts';
import type { Counts } from './counts.ts';
import type { Feeds } from './feeds.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { InboundRate } from './inbound-rate.ts';
import type { Marks } from './marks.ts';
import type { CountRefusal } from './refusals.ts';
import type { RoomEvents } from './room-events.ts';
import type { Sessions } from './sessions.ts';

/** What the handlers of client frames work with. */
export interface RequestParts {
	readonly serverId: string;
	readonly rpc: RpcClient;
	readonly feeds: Feeds;
	readonly sessions: Sessions;
	readonly heartbeat: Heartbeat;
	readonly catchUp: CatchUp;
	readonly marks: Marks;
	readonly roomEvents: RoomEvents;
	readonly admission: Admission;
	readonly rate: InboundRate;
	readonly refused: CountRefusal;
	readonly counts: Counts;
	readonly limits: {
		readonly resumeMessages: number;
		readonly heartbeatMs: number;
		/** Rooms that one connection may follow, and connections of one user. */
		readonly rooms: number;
		readonly connections: number;
	};
	readonly logger: Logger;
}

type FrameType = ClientFrame['type'];

/** A handler for each type of frame. What it throws is answered by its protocol's `refuse`. */
export type Requests<T extends FrameType> = {
	readonly [K in T]: (channel: Channel, frame: Extract<ClientFrame, { type: K }>) => Promise<void>;
};

/** Answers a frame that was refused, as far as the protocol can. */
export type Refuse = (channel: Channel, frame: ClientFrame, error: ChatError) => void;
