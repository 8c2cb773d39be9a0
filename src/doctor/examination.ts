import type { ServiceName } from '../ports/service-registry.ts';
import type { Probes } from '../runtime/adapters-probes.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Finding } from './finding.ts';

/** What the checks are made on. */
export interface Examination {
	readonly config: Config;
	/** The module that is to run here; undefined: all of them, in one process. */
	readonly module: ServiceName | undefined;
	/** Each looks once, however often it is called; but for `call`. */
	readonly probes: Probes;
}

/** Finds what there is to say. Need not resolve: who calls it bounds the time. */
export type Check = (examination: Examination) => Promise<readonly Finding[]>;

/** What stands outside the process of a module. */
type Need = Exclude<keyof Probes, 'call'>;

const needs: Readonly<Record<ServiceName, readonly Need[]>> = {
	logic: ['store', 'redis', 'etcd'],
	task: ['redis', 'etcd'],
	'connect-ws': ['redis', 'etcd'],
	'connect-tcp': ['redis', 'etcd'],
	api: ['etcd'],
	site: ['etcd'],
};

/** Whether what is to run here uses it. In one process only the store is outside. */
export const isNeeded = ({ module }: Examination, need: Need): boolean =>
	module === undefined ? need === 'store' : needs[module].includes(need);

/** Who it is that needs it or not, for sentences. */
export const subject = ({ module }: Examination): string => module ?? 'all modules in one process';
