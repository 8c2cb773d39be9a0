import { describe, expect, test } from 'vitest';
import { addUp } from '../../../src/logic/cluster-samples.ts';
import { keptSamples, sampleIntervalMs } from '../../../src/protocol/rpc-status.ts';

const at = (moment: number) => 1_000_000 * sampleIntervalMs + moment * sampleIntervalMs;
const connect = (moment: number, connections: number, delivered = 0) => ({
	at: at(moment),
	connections,
	rooms: 1,
	delivered,
});
const logic = (moment: number, accepted: number, queue: number | null = 0) => ({ at: at(moment), accepted, queue });

describe('the samples of the cluster', () => {
	test('are those of one moment, added up, oldest first', () => {
		const parts = {
			connect: [
				[connect(0, 10, 100), connect(1, 11, 110)],
				[connect(1, 5, 7), connect(2, 6, 8)],
			],
			logic: [[logic(2, 3, 9), logic(1, 1, null)], [logic(1, 20, 4)]],
		};
		const nothing = { connections: 0, rooms: 0, accepted: 0, delivered: 0, queue: null };
		expect(addUp(parts, at(4))).toEqual([
			{ ...nothing, at: at(0), connections: 10, rooms: 1, delivered: 100 },
			{ at: at(1), connections: 16, rooms: 2, delivered: 117, accepted: 21, queue: 4 },
			{ at: at(2), connections: 6, rooms: 1, delivered: 8, accepted: 3, queue: 9 },
		]);
	});

	test('leave out the newest moment while some process has no sample of it', () => {
		const parts = {
			connect: [[connect(0, 1), connect(1, 1)], [connect(0, 1)], []],
			logic: [[logic(0, 1), logic(1, 1)]],
		};
		expect(addUp(parts, at(1) + 40).map((sample) => sample.at)).toEqual([at(0)]);
	});

	test('do not wait for a process whose clock is slow', () => {
		const parts = { connect: [[connect(0, 1), connect(1, 1)], [connect(-700, 1)]], logic: [] };
		expect(addUp(parts, at(2)).map((sample) => sample.at)).toEqual([at(-700), at(0), at(1)]);
	});

	test('reach back no further than a process keeps them', () => {
		const early = Array.from({ length: keptSamples }, (_, moment) => connect(moment, 1));
		const late = Array.from({ length: keptSamples }, (_, moment) => connect(moment + 3, 1));
		const sums = addUp({ connect: [early, late], logic: [] }, at(keptSamples + 4));
		expect(sums.length).toBe(keptSamples);
		expect(sums[0]).toMatchObject({ at: at(3), connections: 2 });
	});

	test('are none before there are any', () => {
		expect(addUp({ connect: [[]], logic: [[]] }, at(0))).toEqual([]);
	});
});
