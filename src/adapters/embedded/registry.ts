import type { RegistryWatch, ServiceInstance, ServiceName, ServiceRegistry } from '../../ports/service-registry.ts';
import { ChatError } from '../../protocol/errors.ts';

const WORKERS = 1024;

/** One open watch: what it shows, and whom it tells. */
interface View {
	refresh(changed: ServiceName): void;
}

/** A registry for modules that share one process: everything is seen at once, and nothing can be away. */
export const createEmbeddedRegistry = (): ServiceRegistry => {
	const registered = new Map<string, ServiceInstance>();
	const views = new Set<View>();
	const claimed = new Set<number>();
	let lastClaimed = -1;

	const changed = (service: ServiceName) => {
		for (const view of views) view.refresh(service);
	};

	const openView = (services: ReadonlySet<ServiceName>): RegistryWatch => {
		const listeners = new Set<() => void>();
		const list = () => Object.freeze([...registered.values()].filter(({ service }) => services.has(service)));
		let instances = list();
		const view: View = {
			refresh: (service) => {
				if (!services.has(service)) return;
				instances = list();
				for (const listener of listeners) listener();
			},
		};
		views.add(view);
		return {
			instances: () => instances,
			onChange: (listener) => void listeners.add(listener),
			close: () => void views.delete(view),
		};
	};

	return {
		register: async (instance) => {
			registered.set(instance.serverId, instance);
			changed(instance.service);
			return {
				deregister: async () => {
					if (registered.get(instance.serverId) !== instance) return;
					registered.delete(instance.serverId);
					changed(instance.service);
				},
			};
		},
		watch: async (services) => openView(new Set(services)),
		claimWorker: async () => {
			// In turn, so that a number that was just freed is the last to be used again.
			for (let step = 1; step <= WORKERS; step++) {
				const number = (lastClaimed + step) % WORKERS;
				if (claimed.has(number)) continue;
				claimed.add(number);
				lastClaimed = number;
				let held = true;
				return {
					number,
					release: async () => {
						if (held) claimed.delete(number);
						held = false;
					},
				};
			}
			throw new ChatError('unavailable', `all ${WORKERS} worker numbers are held`);
		},
		close: async () => {
			registered.clear();
			views.clear();
		},
	};
};
