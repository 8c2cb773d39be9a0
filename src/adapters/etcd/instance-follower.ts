import type { Etcd3, IKeyValue, IWatchResponse } from 'etcd3';
import type { Logger } from '../../runtime/logger.ts';
import { keysUnder } from './client.ts';
import type { Contact } from './contact.ts';
import { decodeInstance, servicesPrefix } from './instance-codec.ts';
import type { InstanceTable } from './instance-table.ts';
import { Backoff, pause } from './waiting.ts';

interface FollowerOptions {
	readonly client: Etcd3;
	readonly prefix: string;
	readonly leaseMs: number;
	readonly contact: Contact;
	readonly table: InstanceTable;
	readonly logger?: Logger | undefined;
}

/**
 * Keeps the table equal to the keys in etcd: lists them, then watches from the listed revision on. However the watch ends
 * (error, cancelled, compacted), it lists again, so no change is lost and the history of etcd may even be another one.
 *
 * An instance that deregisters leaves a tombstone and is removed at once. One whose key disappears without it:
 * - is removed at once if there was no break for the last two leases: its owner could have renewed and did not, so it died;
 * - otherwise the key may have expired only because etcd was away: it stays for one more lease of unbroken contact,
 *   in which its owner registers again if it lives.
 * A killed process is therefore gone within a lease in quiet times, within two after an outage.
 */
export class InstanceFollower {
	readonly #options: FollowerOptions;
	readonly #closing = new AbortController();
	/** Keys whose value is not valid, each logged once. */
	readonly #invalid = new Set<string>();
	#following = false;

	constructor(options: FollowerOptions) {
		this.#options = options;
	}

	/** Resolves once the table holds the present instances. Rejects if etcd does not answer. */
	async start(): Promise<void> {
		void this.#follow(await this.#list());
	}

	/** Ends the grace of instances that have been missing for long enough. Called after each renewal. */
	sweep(): void {
		const { table, contact, leaseMs } = this.#options;
		if (!this.#following || contact.steadyMs() < leaseMs) return;
		table.removeMissing(leaseMs);
		table.publish();
	}

	close(): void {
		this.#closing.abort();
	}

	async #follow(listed: number): Promise<void> {
		const backoff = new Backoff();
		let revision: number | undefined = listed;
		while (!this.#closing.signal.aborted) {
			try {
				revision ??= await this.#list();
				await this.#watch(revision + 1, () => backoff.reset());
			} catch (error) {
				if (this.#following) this.#options.logger?.warn({ err: error }, 'the watch on etcd ended, beginning again');
			}
			this.#following = false;
			this.#options.contact.interrupted();
			revision = undefined;
			await pause(backoff.next(), this.#closing.signal);
		}
	}

	/** Brings the table up to date; the revision that it then shows. */
	async #list(): Promise<number> {
		const { client, prefix, table } = this.#options;
		const { kvs, header } = await client.kv.range(keysUnder(servicesPrefix(prefix)));
		const present = new Set(kvs.map(({ key }) => key.toString()));
		for (const kv of kvs) this.#put(kv);
		for (const key of table.keys()) if (!present.has(key)) this.#vanished(key);
		table.publish();
		return Number(header.revision);
	}

	/** Applies changes from a revision on; rejects when the watch ends, resolves when the follower is closed. */
	async #watch(startRevision: number, onCreated: () => void): Promise<void> {
		const { client, prefix } = this.#options;
		const stream = await client.watchClient.watch();
		const { signal } = this.#closing;
		let stop = () => {};
		try {
			await new Promise<void>((resolve, reject) => {
				stop = resolve;
				signal.addEventListener('abort', stop);
				if (signal.aborted) stop();
				stream
					.on('error', reject)
					.on('end', () => reject(new Error('the stream ended')))
					.on('data', (response) => {
						if (response.canceled) {
							reject(new Error(response.cancel_reason || `compacted up to ${response.compact_revision}`));
							return;
						}
						if (response.created) {
							this.#following = true;
							onCreated();
						}
						this.#apply(response);
					});
				stream.write({
					create_request: { ...keysUnder(servicesPrefix(prefix)), start_revision: startRevision },
				});
			});
		} finally {
			signal.removeEventListener('abort', stop);
			stream.cancel();
		}
	}

	#apply({ events }: IWatchResponse): void {
		for (const { type, kv } of events) {
			if (type === 'Put') this.#put(kv);
			else this.#vanished(kv.key.toString());
		}
		this.#options.table.publish();
	}

	#put(kv: IKeyValue): void {
		const { prefix, table, logger } = this.#options;
		const key = kv.key.toString();
		const value = kv.value.toString();
		try {
			const instance = decodeInstance(prefix, key, value);
			this.#invalid.delete(key);
			if (instance === null) table.remove(key);
			else table.put(key, instance, value);
		} catch (error) {
			if (!this.#invalid.has(key)) logger?.warn({ key, err: error }, 'a key in etcd is not a valid instance, ignored');
			this.#invalid.add(key);
		}
	}

	#vanished(key: string): void {
		const { table, contact, leaseMs } = this.#options;
		this.#invalid.delete(key);
		if (contact.steadyMs() >= 2 * leaseMs) table.remove(key);
		else table.markMissing(key);
	}
}
