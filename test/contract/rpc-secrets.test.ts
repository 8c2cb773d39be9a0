import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Rpc } from '../../src/ports/rpc.ts';
import type { Registration } from '../../src/ports/service-registry.ts';
import { handlersWith, type NetworkHarness, networkHarness } from './rpc-support.ts';

interface Secrets {
	readonly secret: string;
	readonly otherSecret?: string;
}

const [old, next] = ['the secret until now', 'the secret from now on'];
/** What each process is restarted with, one process after the other, one step after the other. */
const steps: readonly Secrets[] = [
	{ secret: old, otherSecret: next },
	{ secret: next, otherSecret: old },
	{ secret: next },
];

let net: NetworkHarness;
beforeEach(async () => {
	net = await networkHarness();
});
afterEach(() => net.close());

/** A logic process that calls all the time, and leaves as a module does: it calls no more, goes out of discovery, ends what it was asked. */
const startProcess = async (serverId: string, secrets: Secrets) => {
	const rpc: Rpc = await net.createRpc(secrets);
	const handlers = handlersWith('logic', { 'logic.user': async ({ id }) => ({ id, name: serverId }) });
	const { address } = await rpc.serve('logic', serverId, handlers);
	const registration: Registration = await net.register('logic', serverId, address);
	let leaving = false;
	let answered = 0;
	const calling = (async () => {
		for (; !leaving; answered += 1) await rpc.call('logic.user', { id: answered + 1 });
	})();
	calling.catch(() => {});
	return {
		serverId,
		/** A call to one process, whichever is idle. */
		ask: (to: string) => rpc.call('logic.user', { id: 1 }, { serverId: to }),
		/** Rejects if any of its calls failed; otherwise how many were answered. */
		leave: async (): Promise<number> => {
			leaving = true;
			await calling;
			await registration.deregister();
			await rpc.close();
			return answered;
		},
	};
};

test('the secret is changed in three rolling steps, and no call fails', async () => {
	const names = ['one', 'two', 'three'];
	let processes = await Promise.all(names.map((name) => startProcess(name, { secret: old })));
	let answered = 0;
	const replace = async (name: string, secrets: Secrets) => {
		const leaving = processes.find(({ serverId }) => serverId === name);
		processes = processes.filter((each) => each !== leaving);
		answered += (await leaving?.leave()) ?? 0;
		processes.push(await startProcess(name, secrets));
		// Whatever state the others are in, each one reaches each.
		await Promise.all(processes.flatMap(({ ask }) => names.map(ask)));
	};
	for (const secrets of steps) for (const name of names) await replace(name, secrets);
	// It is over for the old secret.
	const late = await net.createRpc({ secret: old });
	const call = late.call('logic.user', { id: 1 }, { serverId: 'one' });
	await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	for (const { leave } of processes) answered += await leave();
	expect(answered).toBeGreaterThan(20);
});

test.each([
	['changing it in one step', { secret: old }, { secret: next }],
	['an empty other secret', { secret: old, otherSecret: '' }, { secret: '' }],
])('%s lets nobody in', async (_, server: Secrets, caller: Secrets) => {
	const { leave } = await startProcess('one', server);
	const rpc = await net.createRpc(caller);
	const call = rpc.call('logic.user', { id: 1 }, { serverId: 'one' });
	await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	await leave();
});

test('a secret that is refused is told in words that name the setting, once while it stays so', async () => {
	const { leave } = await startProcess('one', { secret: next });
	const lines: { reason?: string }[] = [];
	const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
	const rpc = await net.createRpc({ secret: old, logger });
	// Each lasts for several tries to connect.
	for (let call = 0; call < 2; call++)
		await expect(rpc.call('logic.user', { id: 1 }, { deadlineMs: 800 })).rejects.toMatchObject({ key: 'unavailable' });
	expect(lines.map(({ reason }) => reason)).toEqual([
		expect.stringMatching(/refuses the rpc\.secret .* rpc\.other_secret/),
	]);
	await leave();
});
