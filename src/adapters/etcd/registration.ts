import type { Etcd3 } from 'etcd3';
import type { ServiceInstance } from '../../ports/service-registry.ts';
import { commitIf, leaseIs, valueIs } from './client.ts';
import { encodeInstance, instanceKey, tombstone } from './instance-codec.ts';
import type { LeasedKey } from './lease-keeper.ts';
import { createTurns } from './waiting.ts';

/**
 * The key of one registered instance. To deregister is to write a tombstone over it rather than to delete it: watches see
 * at once that it left on purpose, also those that were cut off at that moment and list the keys later.
 */
export class InstanceKey implements LeasedKey {
	readonly #client: Etcd3;
	readonly #key: Buffer;
	/** Writes of one key never overlap, so that a late one cannot undo the deregistration. */
	readonly #inTurn = createTurns();
	#value: Buffer;

	constructor(client: Etcd3, prefix: string, instance: ServiceInstance) {
		this.#client = client;
		this.#key = Buffer.from(instanceKey(prefix, instance));
		this.#value = encodeInstance(instance);
	}

	/** From the next `ensure` on the instance is off the list. */
	retire(): void {
		this.#value = tombstone;
	}

	ensure(leaseId: string): Promise<boolean> {
		return this.#inTurn(async () => {
			const value = this.#value;
			const stands = await commitIf(this.#client, [leaseIs(this.#key, leaseId), valueIs(this.#key, value)], []);
			if (!stands) await this.#client.kv.put({ key: this.#key, value, lease: leaseId });
			return value !== tombstone;
		});
	}
}
