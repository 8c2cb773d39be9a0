/** The modules that register themselves. */
export type ServiceName = 'api' | 'logic' | 'connect-ws' | 'connect-tcp' | 'task' | 'site';

/** A running module, as others find it. */
export interface ServiceInstance {
	readonly service: ServiceName;
	/** Unique among all instances of all services. */
	readonly serverId: string;
	/** Where it answers RPC (`ws://host:port`), an address that others can reach; null if it answers none. */
	readonly rpc: string | null;
	/** Where clients reach it (`http://…`, `ws://…/ws`, `tcp://…`); null if they don't. */
	readonly publicUrl: string | null;
	/** Where its health is asked (`http://host:port`); null without one. */
	readonly admin: string | null;
	readonly version: string;
	/** Milliseconds since 1970 UTC. */
	readonly startedAt: number;
}

export interface Registration {
	/** Takes the instance off the list at once. */
	deregister(): Promise<void>;
}

export interface RegistryWatch {
	/** The instances known now. Never blocks; survives an outage of the registry with what was known before it. */
	instances(): readonly ServiceInstance[];
	/** Called after each change of `instances()`. */
	onChange(listener: () => void): void;
	close(): void;
}

export interface WorkerClaim {
	/** 0 to 1023, held by no other live process. Read it for each use: it changes if the claim was lost and another number was taken. */
	readonly number: number;
	release(): Promise<void>;
}

/**
 * Discovery.
 *
 * Guarantees of every adapter:
 * - a registered instance is seen by all watches within a second; one that dies is gone within its lease; a deregistered one at once;
 * - an outage, however long, changes nothing for watches; after it instances register again by themselves,
 *   and watches keep what they knew for at least a lease, so that nobody disappears only because the registry did;
 * - start-up against an unreachable registry rejects with `ChatError('unavailable')` naming the address.
 */
export interface ServiceRegistry {
	register(instance: ServiceInstance): Promise<Registration>;
	/** Resolves once the present instances are known. */
	watch(services: readonly ServiceName[]): Promise<RegistryWatch>;
	/** Claims a worker number for message ids. Rejects with `ChatError('unavailable')` when none is free. */
	claimWorker(owner: string): Promise<WorkerClaim>;
	close(): Promise<void>;
}
