import { setTimeout as sleep } from 'node:timers/promises';
import { type Inject, recoveryLimits } from './ground.ts';

export const redisKilled: Inject = async ({ scene: { cluster }, measure }, { holdMs }) => {
	await cluster.redis.kill();
	await sleep(holdMs);
	await cluster.redis.restart({ empty: true });
	measure('after it is back, empty', recoveryLimits.up);
};

export const redisStopped: Inject = async ({ scene: { cluster }, measure }, { holdMs }) => {
	cluster.redis.pause();
	await sleep(holdMs);
	cluster.redis.resume();
	measure('after it goes on', recoveryLimits.up);
};

/** Nobody is to notice, so what is measured begins with the outage. */
export const etcdStopped: Inject = async ({ scene: { cluster }, measure }, { holdMs }) => {
	await cluster.etcd.stop();
	const during = sleep(holdMs);
	measure('while it is away', recoveryLimits.up, { during });
	await during;
	await cluster.etcd.start();
	measure('after it is back', recoveryLimits.up);
};

export const storeStalled: Inject = async ({ scene, measure }, { holdMs }) => {
	await scene.stall();
	await sleep(holdMs);
	scene.resume();
	measure('after it goes on', recoveryLimits.up);
};
