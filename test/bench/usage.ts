import type { LoadProcess } from './load/load.ts';
import type { Bench } from './peers.ts';
import { rounded } from './result.ts';
import { type ProcessUsage, sample, usageBetween } from './targets/processes.ts';

export interface Usage {
	readonly processes: readonly ProcessUsage[];
	readonly load: readonly ProcessUsage[];
}

const ofLoad = (before: readonly LoadProcess[], after: readonly LoadProcess[]): ProcessUsage[] =>
	after.map(({ name, pid, cpu_seconds, rss_bytes }) => {
		const earlier = before.find((one) => one.pid === pid)?.cpu_seconds ?? 0;
		return { name, cpu_seconds: rounded(cpu_seconds - earlier), rss_bytes };
	});

/** What the processes use from now on, until the function that it gives is called. */
export const watchUsage = async ({ target, load }: Bench): Promise<() => Promise<Usage>> => {
	const servers = target.processes();
	const [before, loadBefore] = [sample(servers), await load.processes()];
	return async () => ({
		processes: usageBetween(servers, before, sample(servers)),
		load: ofLoad(loadBefore, await load.processes()),
	});
};

/** Of all of them, in microseconds; undefined where that says nothing. */
export const cpuPerDelivery = (processes: readonly ProcessUsage[], deliveries: number): number | undefined => {
	const seconds = processes.reduce((sum, { cpu_seconds }) => sum + cpu_seconds, 0);
	return seconds === 0 || deliveries === 0 ? undefined : rounded((seconds * 1e6) / deliveries);
};
