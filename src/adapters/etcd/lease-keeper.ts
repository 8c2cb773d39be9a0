import { type Etcd3, EtcdLeaseInvalidError, type ILeaseKeepAliveResponse } from 'etcd3';
import type { Logger } from '../../runtime/logger.ts';
import { CALL_MS } from './client.ts';
import type { Contact } from './contact.ts';
import { Backoff, pause } from './waiting.ts';

/** A key that must stand in etcd as long as this process lives. */
export interface LeasedKey {
	/** Brings the key to what it should be, under this lease; nothing is written if it is that already. False once there is nothing left to keep. */
	ensure(leaseId: string): Promise<boolean>;
}

/** Renews a lease; false if etcd no longer knows it. */
const renew = async (client: Etcd3, leaseId: string, timeoutMs: number): Promise<boolean> => {
	const stream = await client.leaseClient.leaseKeepAlive({ deadline: Date.now() + timeoutMs });
	try {
		const { TTL } = await new Promise<ILeaseKeepAliveResponse>((resolve, reject) => {
			stream
				.on('data', resolve)
				.on('error', reject)
				.on('end', () => reject(new Error('the renewal was not answered')));
			stream.write({ ID: leaseId });
		});
		return Number(TTL) > 0;
	} finally {
		stream.end();
	}
};

/**
 * Holds the one lease of this process, and the keys under it. Every third of the lease it renews, and then compares each
 * key with what it should be; so whatever was lost (the lease by an outage, by a pause of this process or by hand; a key;
 * all of etcd's data) is written again by the next round. A renewal is a question with a deadline, not a stream
 * that might silently be dead. Failed rounds are repeated with back-off, for ever.
 */
export class LeaseKeeper {
	readonly #client: Etcd3;
	readonly #leaseSeconds: number;
	readonly #contact: Contact;
	readonly #logger: Logger | undefined;
	readonly #onLost: () => void;
	readonly #onReconnected: () => void;
	readonly #keys = new Set<LeasedKey>();
	readonly #closing = new AbortController();
	/** Aborted to begin the next round at once. */
	#resting = new AbortController();
	#leaseId: string | undefined;
	#onRenewed: () => void = () => {};

	/** `onLost` is told of each lease that is lost, `onReconnected` when etcd answers again after it had not. */
	constructor(options: {
		client: Etcd3;
		leaseSeconds: number;
		contact: Contact;
		logger?: Logger | undefined;
		onLost: () => void;
		onReconnected: () => void;
	}) {
		this.#client = options.client;
		this.#leaseSeconds = options.leaseSeconds;
		this.#contact = options.contact;
		this.#logger = options.logger;
		this.#onLost = options.onLost;
		this.#onReconnected = options.onReconnected;
	}

	/** Grants the lease and begins to renew it. Rejects if etcd does not answer. */
	async start(onRenewed: () => void): Promise<void> {
		await this.#grant();
		this.#contact.answered();
		this.#onRenewed = onRenewed;
		void this.#keep();
	}

	/** Undefined while the lease is lost. */
	get leaseId(): string | undefined {
		return this.#leaseId;
	}

	/** Keeps a key from now on. Resolves after the first attempt to write it; if that failed, others follow. */
	async add(key: LeasedKey): Promise<void> {
		this.#keys.add(key);
		const leaseId = this.#leaseId;
		try {
			if (leaseId !== undefined) await this.#ensure(key, leaseId);
		} catch {
			this.#resting.abort();
		}
	}

	remove(key: LeasedKey): void {
		this.#keys.delete(key);
	}

	/** Stops to renew; the lease and what is still under it expire. */
	close(): void {
		this.#closing.abort();
		this.#resting.abort();
	}

	async #grant(): Promise<string> {
		const { ID } = await this.#client.leaseClient.leaseGrant({ TTL: this.#leaseSeconds });
		this.#leaseId = ID;
		return ID;
	}

	async #keep(): Promise<void> {
		const periodMs = (this.#leaseSeconds * 1000) / 3;
		const backoff = new Backoff();
		let failing = false;
		let rest = periodMs;
		for (;;) {
			this.#resting = new AbortController();
			await pause(rest, this.#resting.signal);
			if (this.#closing.signal.aborted) return;
			const began = performance.now();
			try {
				await this.#round(Math.min(periodMs, CALL_MS));
				if (failing) {
					this.#onReconnected();
					this.#logger?.info('etcd answers again, registrations are up to date');
				}
				failing = false;
				backoff.reset();
				rest = Math.max(0, periodMs - (performance.now() - began));
			} catch (error) {
				if (error instanceof EtcdLeaseInvalidError) this.#lost();
				if (!failing) this.#logger?.warn({ err: error }, 'etcd did not renew the lease, trying again');
				failing = true;
				rest = Math.min(backoff.next(), periodMs / 2);
			}
		}
	}

	async #round(timeoutMs: number): Promise<void> {
		const held = this.#leaseId;
		if (held !== undefined && !(await renew(this.#client, held, timeoutMs))) this.#lost();
		const leaseId = this.#leaseId ?? (await this.#grant());
		this.#contact.answered();
		await Promise.all(Array.from(this.#keys, (key) => this.#ensure(key, leaseId)));
		this.#onRenewed();
	}

	#lost(): void {
		this.#leaseId = undefined;
		this.#contact.interrupted();
		this.#onLost();
		this.#logger?.warn('the lease in etcd was lost, registering again');
	}

	async #ensure(key: LeasedKey, leaseId: string): Promise<void> {
		if (!(await key.ensure(leaseId))) this.#keys.delete(key);
	}
}
