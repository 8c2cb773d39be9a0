import type { FaultKind } from '../schedule.ts';
import type { Inject } from './ground.ts';
import { networkCut, networkDelayed, readerStops } from './network.ts';
import { hang, kill, rollingRestart } from './processes.ts';
import { etcdStopped, redisKilled, redisStopped, storeStalled } from './servers.ts';

const injections: Readonly<Record<FaultKind, Inject>> = {
	'kill logic': kill('logic'),
	'kill task': kill('task'),
	'kill connect-ws': kill('connect-ws'),
	'kill connect-tcp': kill('connect-tcp'),
	'kill api': kill('api'),
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

/** Does what the schedule says. */
export const inject: Inject = (ground, fault) => injections[fault.kind](ground, fault);
