import Type, { type Static } from 'typebox';
import { NonNegativeInt } from './message.ts';

/** What processes tell of themselves for the status of the cluster. */

/** Time between two samples; they are taken at whole multiples of it since 1970, so that those of several processes add up. */
export const sampleIntervalMs = 5000;
/** Samples that a process keeps: the last ten minutes. */
export const keptSamples = 120;

const at = NonNegativeInt;

export const ConnectSample = Type.Object({
	at,
	connections: NonNegativeInt,
	/** Rooms that have readers on this server. */
	rooms: NonNegativeInt,
	/** Messages written to readers since the sample before, each reader counted. */
	delivered: NonNegativeInt,
});
export type ConnectSample = Static<typeof ConnectSample>;

export const LogicSample = Type.Object({
	at,
	/** Messages accepted since the sample before. */
	accepted: NonNegativeInt,
	/** Items waiting in the queue; null when it did not answer. */
	queue: Type.Union([NonNegativeInt, Type.Null()]),
});
export type LogicSample = Static<typeof LogicSample>;

const ModuleStatus = Type.Object({
	service: Type.String(),
	serverId: Type.String(),
	version: Type.String(),
	startedAt: NonNegativeInt,
	publicUrl: Type.Union([Type.String(), Type.Null()]),
	/** Whether it answered when it was asked; null for a module that answers no calls. */
	answers: Type.Union([Type.Boolean(), Type.Null()]),
	/** Of connect servers that answered. */
	connections: Type.Union([NonNegativeInt, Type.Null()]),
	rooms: Type.Union([NonNegativeInt, Type.Null()]),
});

/** All processes' samples of one moment, added up; the queue is the same for all. */
const ClusterSample = Type.Object({
	at,
	connections: NonNegativeInt,
	rooms: NonNegativeInt,
	accepted: NonNegativeInt,
	delivered: NonNegativeInt,
	queue: Type.Union([NonNegativeInt, Type.Null()]),
});
export type ClusterSample = Static<typeof ClusterSample>;

export const ClusterStatus = Type.Object({
	at,
	modules: Type.Array(ModuleStatus),
	/** Items waiting now. */
	queue: Type.Union([NonNegativeInt, Type.Null()]),
	/** Oldest first. */
	samples: Type.Array(ClusterSample),
});
export type ClusterStatus = Static<typeof ClusterStatus>;
