import {
	type ClusterSample,
	type ConnectSample,
	keptSamples,
	type LogicSample,
	sampleIntervalMs,
} from '../protocol/rpc-status.ts';

/** The samples of each process that answered, oldest first. */
interface Samples {
	readonly connect: readonly (readonly ConnectSample[])[];
	readonly logic: readonly (readonly LogicSample[])[];
}

/**
 * Adds up what the processes have of each moment, oldest first. The newest moment is left out for as long as some process has no sample
 * of it yet, so that it does not look as if that one had stopped; but no longer than an interval, since its clock may be slow.
 */
export const addUp = ({ connect, logic }: Samples, now: number): ClusterSample[] => {
	const sums = new Map<number, ClusterSample>();
	const sumOf = (at: number): ClusterSample => {
		const sum = sums.get(at) ?? { at, connections: 0, rooms: 0, accepted: 0, delivered: 0, queue: null };
		sums.set(at, sum);
		return sum;
	};
	for (const { at, connections, rooms, delivered } of connect.flat()) {
		const sum = sumOf(at);
		sum.connections += connections;
		sum.rooms += rooms;
		sum.delivered += delivered;
	}
	for (const { at, accepted, queue } of logic.flat()) {
		const sum = sumOf(at);
		sum.accepted += accepted;
		sum.queue ??= queue;
	}
	const newest = [...connect, ...logic].flatMap((samples) => samples.at(-1)?.at ?? []);
	const complete = Math.max(Math.min(...newest), now - sampleIntervalMs);
	return Array.from(sums.values())
		.filter(({ at }) => at <= complete)
		.sort((one, other) => one.at - other.at)
		.slice(-keptSamples);
};
