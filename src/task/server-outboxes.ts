import { setTimeout as sleep } from 'node:timers/promises';
import type { RpcClient } from '../ports/rpc.ts';
import type { RegistryWatch } from '../ports/service-registry.ts';
import type { Logger } from '../runtime/logger.ts';
import { createServerOutbox, type ServerOutbox } from './server-outbox.ts';

/** A server that answers takes a few milliseconds; long before this one holds up the intake. */
const stallMs = 300;
const maxAgeMs = 10_000;

export interface ServerOutboxes {
	of(serverId: string): ServerOutbox;
	/** Items that wait in all of them, each server counted. */
	readonly items: number;
	/** Waits until all are idle, at most this long, then stops them: what is left goes to another task. */
	close(timeoutMs: number): Promise<void>;
}

interface OutboxCounts {
	/** A server does not accept any more. */
	stalled(): void;
	givenUp(items: number): void;
}

/**
 * An outbox for each connect server, until discovery says that it is gone. Its readers can be in the directory for longer, as in
 * each restart: that it takes nothing then is nothing to warn of.
 */
export const createServerOutboxes = (
	rpc: RpcClient,
	connectServers: RegistryWatch,
	deliverTimeoutMs: number,
	logger: Logger,
	counts: OutboxCounts,
): ServerOutboxes => {
	const outboxes = new Map<string, ServerOutbox>();
	/** A server's readers can be in the directory a moment before it is in discovery: only one that was there is gone. */
	let known = new Set<string>();

	const learn = () => {
		const present = new Set(connectServers.instances().map((instance) => instance.serverId));
		for (const [serverId, outbox] of outboxes) {
			if (present.has(serverId) || (outbox.busy && !known.has(serverId))) continue;
			outbox.giveUp();
			outboxes.delete(serverId);
		}
		known = present;
	};
	learn();
	connectServers.onChange(learn);

	const create = (serverId: string): ServerOutbox =>
		createServerOutbox({
			deliver: (items) => rpc.call('connect.deliver', { items }, { serverId, deadlineMs: deliverTimeoutMs }),
			stallMs: Math.min(stallMs, deliverTimeoutMs),
			maxAgeMs,
			onStall: (error) => {
				counts.stalled();
				if (known.has(serverId)) logger.warn({ err: error, connectServer: serverId }, 'connect server does not accept');
				else
					logger.info({ connectServer: serverId }, 'connect server does not accept: it has left, or is not there yet');
			},
			onGivenUp: counts.givenUp,
			onRejection: (error) => logger.error({ err: error, connectServer: serverId }, 'connect server refuses a call'),
			onRecovery: (givenUp) => logger.info({ connectServer: serverId, givenUp }, 'connect server accepts again'),
		});

	return {
		of: (serverId) => {
			const existing = outboxes.get(serverId);
			if (existing !== undefined) return existing;
			const outbox = create(serverId);
			outboxes.set(serverId, outbox);
			return outbox;
		},
		get items() {
			let items = 0;
			for (const outbox of outboxes.values()) items += outbox.items;
			return items;
		},
		close: async (timeoutMs) => {
			const all = [...outboxes.values()];
			const timeUp = new AbortController();
			const idle = Promise.all(all.map((outbox) => outbox.idle()));
			await Promise.race([idle, sleep(timeoutMs, undefined, { signal: timeUp.signal }).catch(() => {})]);
			timeUp.abort();
			for (const outbox of all) outbox.abort();
			outboxes.clear();
		},
	};
};
