import type { ServiceInstance, ServiceName } from '../ports/service-registry.ts';
import { isWildcard } from '../runtime/advertise-host.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Scrape } from './scrape.ts';

/** A module instance that is to be shown. */
export type Shown = Pick<ServiceInstance, 'service' | 'serverId' | 'admin' | 'version' | 'startedAt'>;

/** Where on this machine a process with these settings has its admin port; undefined if none is named. */
export const adminOf = ({ admin: { enabled, host, port } }: Config): string | undefined => {
	if (!enabled || port === 0) return undefined;
	const reached = isWildcard(host) ? 'localhost' : host;
	return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
};

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
