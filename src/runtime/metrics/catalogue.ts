/** One metric, declared once. Names and units are Prometheus' (https://prometheus.io/docs/practices/naming/). */
export interface Declaration {
	readonly kind: 'counter' | 'gauge' | 'histogram';
	readonly help: string;
	/** Besides `module`, which all have. */
	readonly labels: readonly string[];
	/** Upper bounds of a histogram. */
	readonly buckets?: readonly number[];
}

/** Seconds, for what takes from a tenth of a millisecond to ten seconds. */
const durations = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Every metric of tschat. `docs/metrics.md` is made from it. A process shows those of its modules, besides those of Node.js
 * itself (`nodejs_…`, `process_…`).
 */
export const catalogue = {
	tschat_connections: { kind: 'gauge', help: 'Open client connections.', labels: [] },
	tschat_limit_refusals_total: {
		kind: 'counter',
		help: 'Connections, frames and requests that a limit refused or slowed down.',
		labels: ['limit'],
	},
	tschat_messages_accepted_total: {
		kind: 'counter',
		help: 'Messages committed to the store; one that was sent again under its ref counts once.',
		labels: [],
	},
	tschat_messages_delivered_total: {
		kind: 'counter',
		help: 'Messages written to client connections, each reader counted.',
		labels: [],
	},
	tschat_delivery_duration_seconds: {
		kind: 'histogram',
		help: 'From the time of a message to when a connect server wrote it to its readers; the clocks of two machines are compared.',
		labels: [],
		buckets: durations,
	},
	tschat_queue_items_parked_total: {
		kind: 'counter',
		help: 'Items of the queue that could not be decoded, and were put aside.',
		labels: [],
	},
	tschat_tls_certificate_expiry_timestamp_seconds: {
		kind: 'gauge',
		help: 'When a certificate of this process expires (Unix time): that for clients, or that for calls between modules (rpc).',
		labels: ['certificate'],
	},
} as const satisfies Record<`tschat_${string}`, Declaration>;

type Catalogue = typeof catalogue;
export type MetricName = keyof Catalogue;
type OfKind<K extends Declaration['kind']> = {
	[N in MetricName]: Catalogue[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = OfKind<'counter'>;
export type GaugeName = OfKind<'gauge'>;
export type HistogramName = OfKind<'histogram'>;
/** A value for each label that the metric declares. */
export type LabelsOf<N extends MetricName> = Readonly<Record<Catalogue[N]['labels'][number], string>>;
