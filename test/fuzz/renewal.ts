import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOf } from '../support/gochat-client.ts';
import type { World } from './inputs/world.ts';

const intervalMs = 1000;

/** Signs new attackers in: inputs log the old ones out, and change their passwords. */
export const startRenewal = (apiUrl: string, world: World): { stop(): Promise<void> } => {
	const stopping = new AbortController();
	const renew = async (): Promise<void> => {
		for (let number = 0; !stopping.signal.aborted; number += 1) {
			await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
			// A name is taken again after ten: somebody may have changed its password by then.
			const token = await tokenOf(apiUrl, `renewed-${number}`).catch(() => undefined);
			if (token !== undefined) world.tokens = [...world.tokens.slice(-2), token];
		}
	};
	const renewing = renew();
	return {
		stop: async () => {
			stopping.abort();
			await renewing;
		},
	};
};
