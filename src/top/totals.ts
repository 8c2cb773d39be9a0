import { added, type Between, quantile } from './between.ts';
import { type Row, tookOf } from './row.ts';
import type { Scrape } from './scrape.ts';

/** The cluster as a whole. */
export interface Totals {
	readonly instances: number;
	readonly ready: number;
	readonly connections: number;
	/** One who is connected to two servers counts twice. */
	readonly users: number;
	/** A second. */
	readonly accepted: number;
	readonly delivered: number;
	/** In seconds; undefined when nothing was delivered. */
	readonly deliveryP99: number | undefined;
	readonly queue: number | undefined;
	/** Seconds. */
	readonly queueAge: number | undefined;
}

/** A process, however many modules it runs. */
export interface Process {
	readonly scrape: Scrape | undefined;
	readonly since: Between | undefined;
}

const known = (values: Iterable<number | undefined>): number[] => [...values].filter((value) => value !== undefined);
const sum = (values: Iterable<number | undefined>): number => known(values).reduce((all, value) => all + value, 0);
/** Of what everybody sees alike. */
const most = (values: Iterable<number | undefined>): number | undefined => {
	const all = known(values);
	return all.length === 0 ? undefined : Math.max(...all);
};

export const totalsOf = (rows: readonly Row[], processes: readonly Process[]): Totals => {
	const gateways = ['connect-ws', 'connect-tcp'];
	const deliveries = processes.flatMap(({ since }) =>
		gateways.map((name) => (since ? tookOf(name, since) : new Map())),
	);
	return {
		instances: rows.length,
		ready: rows.filter(({ ready }) => ready === true).length,
		connections: sum(rows.map((row) => row.connections)),
		users: sum(processes.map(({ scrape }) => scrape?.sum('tschat_connected_users'))),
		accepted: sum(processes.map(({ since }) => since?.rate('tschat_messages_accepted_total'))),
		delivered: sum(rows.map((row) => row.out)),
		deliveryP99: quantile(added(deliveries), 0.99),
		queue: most(rows.map((row) => row.queue)),
		queueAge: most(
			processes.flatMap(({ scrape }) => scrape?.samples('tschat_queue_age_seconds').map(({ value }) => value)),
		),
	};
};
