import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultKind } from '../schedule.ts';
import { type Ground, type Inject, recoveryLimits } from './ground.ts';
import { networkCut, networkDelayed, readerStops } from './network.ts';
import { hang, kill, rollingRestart } from './processes.ts';
import { etcdStopped, redisKilled, redisStopped, storeStalled } from './servers.ts';

const injections: Readonly<Record<FaultKind, Inject>> = {
	'kill logic': kill('logic'),
	'kill task': kill('task'),
	'kill connect-ws': kill('connect-ws'),
	'kill connect-tcp': kill('connect-tcp'),
	'kill api': kill('api'),
	'kill site': kill('site'),
	'hang logic': hang('logic'),
	'hang task': hang('task'),
	'hang connect-ws': hang('connect-ws'),
	'hang connect-tcp': hang('connect-tcp'),
	'redis killed': redisKilled,
	'redis stopped': redisStopped,
	'etcd stopped': etcdStopped,
	'store stalled': storeStalled,
	'network cut': networkCut,
	'network delayed': networkDelayed,
	'reader stops': readerStops,
	'rolling restart': rollingRestart,
};

/** Does what the schedule says, and has it measured: each fault by itself, or two of them when both are over. */
export const inject = async (ground: Omit<Ground, 'alone'>, fault: Fault): Promise<void> => {
	const { beside } = fault;
	if (beside === undefined) return injections[fault.kind]({ ...ground, alone: true }, fault);
	const together: Ground = { ...ground, measure: () => {}, alone: false };
	await Promise.all([
		injections[fault.kind](together, fault),
		sleep((beside.at - fault.at) * 1000).then(() => injections[beside.kind](together, beside)),
	]);
	ground.measure('after both are over', recoveryLimits.both);
};
