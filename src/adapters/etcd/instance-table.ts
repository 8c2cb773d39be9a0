import type { RegistryWatch, ServiceInstance, ServiceName } from '../../ports/service-registry.ts';

interface Row {
	readonly instance: ServiceInstance;
	/** As it was stored, to see whether a write changed anything. */
	readonly value: string;
	/** When its key was found gone without a deregistration (`performance.now`); it is listed until its grace is over. */
	readonly missingSince?: number;
}

interface View {
	readonly services: ReadonlySet<ServiceName>;
	readonly listeners: Set<() => void>;
	instances: readonly ServiceInstance[];
}

/** The instances known to this process by key, and the watches that look at them. */
export class InstanceTable {
	readonly #rows = new Map<string, Row>();
	readonly #views = new Set<View>();
	readonly #changed = new Set<ServiceName>();

	keys(): string[] {
		return [...this.#rows.keys()];
	}

	put(key: string, instance: ServiceInstance, value: string): void {
		const known = this.#rows.get(key);
		this.#rows.set(key, { instance: known?.value === value ? known.instance : instance, value });
		if (known?.value !== value) this.#changed.add(instance.service);
	}

	remove(key: string): void {
		const row = this.#rows.get(key);
		if (row === undefined) return;
		this.#rows.delete(key);
		this.#changed.add(row.instance.service);
	}

	markMissing(key: string): void {
		const row = this.#rows.get(key);
		if (row !== undefined && row.missingSince === undefined) {
			this.#rows.set(key, { ...row, missingSince: performance.now() });
		}
	}

	/** Removes what has been missing for this long. */
	removeMissing(graceMs: number): void {
		const before = performance.now() - graceMs;
		for (const [key, { missingSince }] of this.#rows) {
			if (missingSince !== undefined && missingSince <= before) this.remove(key);
		}
	}

	/** Shows what changed since the last call to the watches that look at it. */
	publish(): void {
		if (this.#changed.size === 0) return;
		const views = [...this.#views].filter(({ services }) => [...this.#changed].some((name) => services.has(name)));
		this.#changed.clear();
		for (const view of views) view.instances = this.#list(view.services);
		for (const { listeners } of views) for (const listener of listeners) listener();
	}

	watch(names: readonly ServiceName[]): RegistryWatch {
		const services = new Set(names);
		const view: View = { services, listeners: new Set(), instances: this.#list(services) };
		this.#views.add(view);
		return {
			instances: () => view.instances,
			onChange: (listener) => void view.listeners.add(listener),
			close: () => void this.#views.delete(view),
		};
	}

	#list(services: ReadonlySet<ServiceName>): readonly ServiceInstance[] {
		const instances = Array.from(this.#rows.values(), ({ instance }) => instance);
		return Object.freeze(instances.filter(({ service }) => services.has(service)));
	}
}
