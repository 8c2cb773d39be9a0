import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
	type CounterName,
	catalogue,
	type GaugeName,
	type HistogramName,
	type LabelsOf,
	type MetricName,
} from './catalogue.ts';
import type { Declaration } from './declaration.ts';

/** What is asked at a scrape; undefined when there is nothing to tell now. */
type Reading = () => number | undefined | Promise<number | undefined>;

/** The metrics of one module. Whoever counts binds name and labels once, and calls what comes back as often as it likes. */
export interface Metrics {
	/** Counts: by 1 unless told otherwise. Costs an addition. */
	counter<N extends CounterName>(name: N, labels: LabelsOf<N>): (by?: number) => void;
	/** Takes observations, durations in seconds. Costs 0.2 us each. */
	histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): (value: number) => void;
	/**
	 * Asks at each scrape for a gauge, or for a count that is kept elsewhere (which must never fall). Several readings of one
	 * name and labels add up. Ends when the returned function is called.
	 */
	read<N extends CounterName | GaugeName>(name: N, labels: LabelsOf<N>, reading: Reading): () => void;
}

/** The metrics of a process, whatever modules it runs. */
export interface ProcessMetrics {
	of(module: string): Metrics;
	/** What Prometheus scrapes, and its content type. */
	text(): Promise<string>;
	readonly contentType: string;
}

type Labels = Readonly<Record<string, string>>;
type Observe = (value: number) => void;

/** What was counted under one set of labels. */
interface Cell {
	readonly labels: Labels;
	value: number;
}

/** A counter or gauge of prom-client that is given its values at the scrape, so that counting costs an addition. */
const createTable = (name: string, { kind, help, labels }: Declaration, registry: Registry) => {
	const cells = new Map<string, Cell>();
	const readings = new Map<symbol, { readonly labels: Labels; readonly reading: Reading }>();
	const labelNames = ['module', ...labels];

	const collect = async (): Promise<void> => {
		const sums = new Map<string, Cell>();
		const add = (cellLabels: Labels, value: number) => {
			const key = JSON.stringify(cellLabels);
			const sum = sums.get(key);
			if (sum === undefined) sums.set(key, { labels: cellLabels, value });
			else sum.value += value;
		};
		for (const cell of cells.values()) add(cell.labels, cell.value);
		const read = [...readings.values()].map(async (each) => ({ ...each, value: await each.reading() }));
		for (const { labels: readLabels, value } of await Promise.all(read)) {
			if (value !== undefined) add(readLabels, value);
		}
		metric.reset();
		for (const { labels: sumLabels, value } of sums.values()) metric.inc(sumLabels, value);
	};
	const options = { name, help, labelNames, registers: [registry], collect };
	const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);

	return {
		counter: (cellLabels: Labels) => {
			const key = JSON.stringify(cellLabels);
			const cell = cells.get(key) ?? { labels: cellLabels, value: 0 };
			cells.set(key, cell);
			return (by = 1) => {
				cell.value += by;
			};
		},
		read: (readLabels: Labels, reading: Reading) => {
			const id = Symbol();
			readings.set(id, { labels: readLabels, reading });
			return () => void readings.delete(id);
		},
	};
};

/** The metrics of a process. With `ofNode`, those of Node.js too: memory, processor, event loop, garbage collection. */
export const createMetrics = ({ ofNode = false } = {}): ProcessMetrics => {
	const registry = new Registry();
	if (ofNode) collectDefaultMetrics({ register: registry });
	const tables = new Map<MetricName, ReturnType<typeof createTable>>();
	const histograms = new Map<MetricName, Histogram>();
	const observers = new Map<string, Observe>();

	const tableOf = (name: MetricName) => {
		const table = tables.get(name) ?? createTable(name, catalogue[name], registry);
		tables.set(name, table);
		return table;
	};
	const histogramOf = (name: MetricName): Histogram => {
		const { help, labels, buckets = [] }: Declaration = catalogue[name];
		const labelNames = ['module', ...labels];
		const made =
			histograms.get(name) ?? new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
		histograms.set(name, made);
		return made;
	};

	const observerOf = (name: MetricName, labels: Labels): Observe => {
		const histogram = histogramOf(name);
		// Shown from now on: what appears only with its first observation has no rate then.
		histogram.zero(labels);
		return histogram.labels(labels).observe;
	};

	return {
		of: (module) => ({
			counter: (name, labels) => tableOf(name).counter({ module, ...labels }),
			histogram: (name, labels) => {
				const key = `${name} ${module} ${JSON.stringify(labels)}`;
				const observe = observers.get(key) ?? observerOf(name, { module, ...labels });
				observers.set(key, observe);
				return observe;
			},
			read: (name, labels, reading) => tableOf(name).read({ module, ...labels }, reading),
		}),
		text: () => registry.metrics(),
		contentType: registry.contentType,
	};
};
