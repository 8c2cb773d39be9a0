import { randomInt } from 'node:crypto';
import type { Etcd3 } from 'etcd3';
import { nanoid } from 'nanoid';
import { ChatError } from '../../protocol/errors.ts';
import { commitIf, isAbsent, keysUnder, leaseIs, valueIs } from './client.ts';
import type { LeasedKey } from './lease-keeper.ts';
import { createTurns } from './waiting.ts';

const WORKERS = 1024;

export const workersPrefix = (prefix: string): string => `${prefix}/workers/`;

/**
 * A claimed worker number: a key that only one process can create.
 *
 * Free numbers are taken at random, so that one freed a moment ago, whose last ids may be younger than the new owner's clock
 * thinks, is unlikely to be used again at once.
 *
 * While etcd is away the number is kept, though the lease may run out: without a number no message could be accepted,
 * and an outage must change nothing. Nobody else can take the number in that time either, as all claims go through etcd.
 * What remains is a process that alone is cut off for longer than its lease, while another start draws the same number
 * of 1024; ids would then clash only if both also used the same millisecond and counter. When etcd is back, the same
 * number is taken again if it is free or still ours, otherwise another one.
 */
export class WorkerKey implements LeasedKey {
	readonly #client: Etcd3;
	readonly #prefix: string;
	/** Names this claim, so that it recognises its own key after the lease changed. */
	readonly #value: Buffer;
	readonly #inTurn = createTurns();
	#number = -1;

	constructor(client: Etcd3, prefix: string, owner: string) {
		this.#client = client;
		this.#prefix = workersPrefix(prefix);
		this.#value = Buffer.from(JSON.stringify({ owner, claim: nanoid() }));
	}

	get number(): number {
		return this.#number;
	}

	/** Takes a free number. Rejects with `ChatError('unavailable')` when there is none. */
	async claim(leaseId: string): Promise<void> {
		for (;;) {
			const number = await this.#anyFree();
			if (await this.#create(number, leaseId)) {
				this.#number = number;
				return;
			}
		}
	}

	ensure(leaseId: string): Promise<boolean> {
		return this.#inTurn(async () => {
			const key = this.#key(this.#number);
			const ours = valueIs(key, this.#value);
			const put = { request_put: { key, value: this.#value, lease: leaseId } };
			const kept =
				(await commitIf(this.#client, [ours, leaseIs(key, leaseId)], [])) ||
				(await commitIf(this.#client, [ours], [put])) ||
				(await this.#create(this.#number, leaseId));
			if (!kept) await this.claim(leaseId);
			return true;
		});
	}

	release(): Promise<void> {
		return this.#inTurn(async () => {
			const key = this.#key(this.#number);
			await commitIf(this.#client, [valueIs(key, this.#value)], [{ request_delete_range: { key } }]);
		});
	}

	#key(number: number): Buffer {
		return Buffer.from(`${this.#prefix}${number}`);
	}

	#create(number: number, leaseId: string): Promise<boolean> {
		const key = this.#key(number);
		return commitIf(this.#client, [isAbsent(key)], [{ request_put: { key, value: this.#value, lease: leaseId } }]);
	}

	async #anyFree(): Promise<number> {
		const { kvs } = await this.#client.kv.range({ ...keysUnder(this.#prefix), keys_only: true });
		const taken = new Set(kvs.map(({ key }) => Number(key.toString().slice(this.#prefix.length))));
		const free = Array.from({ length: WORKERS }, (_, number) => number).filter((number) => !taken.has(number));
		const number = free[randomInt(Math.max(free.length, 1))];
		if (number === undefined) throw new ChatError('unavailable', `all ${WORKERS} worker numbers are held`);
		return number;
	}
}
