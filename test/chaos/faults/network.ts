import { setTimeout as sleep } from 'node:timers/promises';
import { type Inject, recoveryLimits } from './ground.ts';

/** All connections of a server's clients break, and no new ones come about for a while. */
export const networkCut: Inject = async ({ scene, measure }, { index, holdMs }) => {
	const proxies = (['connect-ws', 'connect-tcp'] as const).flatMap((module) => scene.network(module, index));
	for (const proxy of proxies) proxy.cut();
	await sleep(holdMs);
	for (const proxy of proxies) proxy.heal();
	measure('after the network is back', recoveryLimits.up);
};

const delayMs = 400;

/** Everything between a server and its clients takes longer. */
export const networkDelayed: Inject = async ({ scene, measure }, { index, holdMs }) => {
	const proxies = (['connect-ws', 'connect-tcp'] as const).flatMap((module) => scene.network(module, index));
	for (const proxy of proxies) proxy.delay(delayMs);
	await sleep(holdMs);
	for (const proxy of proxies) proxy.delay(0);
	measure('after the network is as before', recoveryLimits.up);
};

/** A client takes nothing from its socket while its room gets more than all buffers on the way hold. The others do not feel it. */
export const readerStops: Inject = async ({ loud, measure }, { holdMs }) => {
	const goOn = loud.reader.stopReading();
	const begun = performance.now();
	measure('while a reader takes nothing', recoveryLimits.up);
	await loud.burst();
	await sleep(Math.max(0, holdMs - (performance.now() - begun)));
	goOn();
};
