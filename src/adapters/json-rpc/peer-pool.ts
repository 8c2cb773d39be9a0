import type { RegistryWatch, ServiceInstance, ServiceRegistry } from '../../ports/service-registry.ts';
import type { RpcService } from '../../protocol/rpc.ts';
import { ChangeSignal } from './change-signal.ts';
import { Peer, type PeerOptions } from './peer.ts';

const registeredAs = { logic: ['logic'], connect: ['connect-ws', 'connect-tcp'] } as const;

const isSame = (one: ServiceInstance, other: ServiceInstance): boolean =>
	one.rpc === other.rpc && one.startedAt === other.startedAt;

/** The known instances of one service, each with its connection. */
export class PeerPool {
	readonly #watch: RegistryWatch;
	readonly #options: PeerOptions;
	readonly #peers = new Map<string, Peer>();
	#list: readonly Peer[] = [];
	/** Gone from the registry, with calls that they may still answer. */
	#retired: readonly Peer[] = [];
	#turn = 0;
	/** There may be another peer to call. */
	readonly changes = new ChangeSignal();

	constructor(watch: RegistryWatch, options: Omit<PeerOptions, 'onUp'>) {
		this.#watch = watch;
		this.#options = { ...options, onUp: () => this.changes.notify() };
		watch.onChange(() => this.#update());
		this.#update();
	}

	/** Resolves once the present instances are known. */
	static async open(registry: ServiceRegistry, service: RpcService, options: Omit<PeerOptions, 'onUp'>) {
		return new PeerPool(await registry.watch(registeredAs[service]), options);
	}

	get size(): number {
		return this.#list.length;
	}

	get(serverId: string): Peer | undefined {
		return this.#peers.get(serverId);
	}

	/** The peer with the fewest calls under way, in turn among equals; an unhealthy one only if nothing else is there. */
	pick(except?: ReadonlySet<Peer>): Peer | undefined {
		const peers = this.#list;
		let best: Peer | undefined;
		let bestHealthy = false;
		this.#turn += 1;
		for (let i = 0; i < peers.length; i++) {
			const peer = peers[(this.#turn + i) % peers.length];
			if (peer === undefined || except?.has(peer)) continue;
			const { healthy } = peer;
			if (best !== undefined && (healthy === bestHealthy ? peer.underWay >= best.underWay : bestHealthy)) continue;
			best = peer;
			bestHealthy = healthy;
		}
		return best;
	}

	close(): void {
		this.#watch.close();
		for (const peer of [...this.#list, ...this.#retired]) peer.close();
		this.changes.notify();
	}

	#update(): void {
		const instances = this.#watch.instances().filter((instance) => instance.rpc !== null);
		const known = new Map(instances.map((instance) => [instance.serverId, instance]));
		for (const [serverId, peer] of this.#peers) {
			const instance = known.get(serverId);
			if (instance !== undefined && isSame(instance, peer.instance)) continue;
			this.#peers.delete(serverId);
			peer.retire();
			this.#retired = [...this.#retired.filter((each) => each.underWay > 0), peer];
		}
		for (const instance of instances)
			if (!this.#peers.has(instance.serverId)) this.#peers.set(instance.serverId, new Peer(instance, this.#options));
		this.#list = [...this.#peers.values()];
		this.changes.notify();
	}
}
