import type { HttpSender } from '../http-sender.ts';
import type { LoudRoom } from '../loud-room.ts';
import type { Scene } from '../scene.ts';
import type { Fault } from '../schedule.ts';

/** How soon live delivery has to be whole again, in milliseconds. */
export const recoveryLimits = {
	/** After what was killed or cut is up again. */
	up: 5000,
	/** After a server began to hang, for all but the readers that have no other way than through it. */
	hung: 10_000,
	/** After two faults at once: no longer than a client that found no server waits until it tries again. */
	both: 15_000,
} as const;

/**
 * How long after now live delivery is whole again, and has been until `during` is over; to all but the reader `without`. Measured
 * beside what goes on.
 */
export type Measure = (
	what: string,
	limitMs: number,
	options?: { readonly without?: string; readonly during?: Promise<unknown> },
) => void;

/** What a fault is done to, and what it can ask to be measured. */
export interface Ground {
	readonly scene: Scene;
	readonly http: HttpSender;
	readonly loud: LoudRoom;
	readonly measure: Measure;
	/** Whether nothing else is done to the cluster meanwhile. */
	readonly alone: boolean;
	/** Sees to it that some of the probe's readers that may go anywhere are at this server, if it has fewer clients than the other. */
	spread(url: string): Promise<void>;
	/** Something that is not allowed to be. */
	problem(text: string): void;
}

/** Resolves when all is as before, but for what the cluster has to do by itself. */
export type Inject = (ground: Ground, fault: Fault) => Promise<void>;
