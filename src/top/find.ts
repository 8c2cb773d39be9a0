import type { ServiceInstance, ServiceName } from '../ports/service-registry.ts';
import type { Scrape } from './scrape.ts';

/** A module instance that is to be shown. */
export type Shown = Pick<ServiceInstance, 'service' | 'serverId' | 'admin' | 'version' | 'startedAt'>;

/** The modules of a process that was named instead of found: what it tells of itself. */
export const modulesOf = (admin: string, scrape: Scrape): Shown[] => {
	const startedAt = (scrape.sum('process_start_time_seconds') ?? 0) * 1000;
	return scrape.samples('tschat_build_info').map(({ labels: { module, version = '' } }) => ({
		service: module as ServiceName,
		serverId: new URL(admin).host,
		admin,
		version,
		startedAt,
	}));
};
