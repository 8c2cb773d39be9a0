import Type, { type Static } from 'typebox';
import { NonNegativeInt } from '../message.ts';
import { Time } from '../v2/values.ts';

/** What /v2/status gives to administrators. */

const count = (description: string) => Type.With(NonNegativeInt, { description });
const countOrNull = (description: string) => Type.Union([NonNegativeInt, Type.Null()], { description });

const ModuleV2 = Type.Object({
	service: Type.String({ examples: ['connect-ws'] }),
	serverId: Type.String({ examples: ['connect-ws-V1StGXR8_Z'] }),
	version: Type.String({ examples: ['0.1.0'] }),
	startedAt: Time,
	publicUrl: Type.Union([Type.String(), Type.Null()], { description: 'Where clients reach it; null if they do not' }),
	answers: Type.Union([Type.Boolean(), Type.Null()], {
		description: 'Whether it answered when it was asked; null for a module that answers no calls',
	}),
	connections: countOrNull('Sockets; null for other modules than connect servers'),
	rooms: countOrNull('Rooms with readers there; null for other modules than connect servers'),
});

const SampleV2 = Type.Object({
	at: Time,
	connections: count('Sockets on all connect servers'),
	rooms: count('Rooms with readers, counted once for each connect server that holds any'),
	accepted: count('Messages stored since the sample before'),
	delivered: count('Messages written to readers since the sample before, each reader counted'),
	queue: countOrNull('Items that wait in the queue; null when it did not answer'),
});

export const StatusV2 = Type.Object({
	at: Time,
	modules: Type.Array(ModuleV2, { description: 'All that discovery knows' }),
	queue: countOrNull('Items that wait in the queue now; null when it does not answer'),
	intervalMs: Type.Integer({ description: 'Milliseconds between two samples', examples: [5000] }),
	samples: Type.Array(SampleV2, { description: 'The last ten minutes, oldest first' }),
});
export type StatusV2 = Static<typeof StatusV2>;
