import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../../support/cluster.ts';
import type { ModuleName } from '../schedule.ts';
import { type Inject, recoveryLimits } from './ground.ts';

/** As what supervises it would: starts it until it stays up, which it has to at once if all that it needs is there. */
const bringUp = async (node: Node, alone: boolean): Promise<void> => {
	for (;;) {
		try {
			return await node.start();
		} catch (error) {
			if (alone) throw error;
		}
	}
};

/** kill -9, and a new one of the same settings after a while. */
export const kill =
	(module: ModuleName): Inject =>
	async ({ scene, measure, alone }, { index, holdMs }) => {
		const node = scene.node(module, index);
		await node.kill();
		await sleep(holdMs);
		await bringUp(node, alone);
		measure('after the new one is up', recoveryLimits.up);
	};

/** SIGSTOP and SIGCONT: connections stay, nothing answers. */
export const hang =
	(module: ModuleName): Inject =>
	async ({ scene, measure, spread }, { index, holdMs }) => {
		const node = scene.node(module, index);
		if (module === 'connect-ws') await spread(scene.cluster.wsUrls[index] ?? '');
		node.process.signal('SIGSTOP');
		while (!(await scene.writable())) {
			node.process.signal('SIGCONT');
			await sleep(50);
			node.process.signal('SIGSTOP');
		}
		const during = sleep(holdMs);
		measure('while it hangs', recoveryLimits.hung, { without: node.name, during });
		await during;
		node.process.signal('SIGCONT');
		measure('after it goes on', recoveryLimits.up);
	};

/** SIGTERM to one process after the other, each when the one before is up again. No send fails meanwhile. */
export const rollingRestart: Inject = async ({ scene, http, measure, problem }) => {
	const begun = performance.now();
	for (const node of scene.nodes) {
		node.process.signal('SIGTERM');
		const ended = await node.process.exited;
		if (ended !== 0) problem(`${node.name} ended with ${ended} on SIGTERM\n${node.process.output().slice(-500)}`);
		await node.start();
	}
	measure('after the last one is up', recoveryLimits.up);
	for (const { at, why } of http.failures) if (at >= begun) problem(`a send failed during the restarts: ${why}`);
};
