import { connectMetrics } from './connect-metrics.ts';
import type { Declaration, Declarations } from './declaration.ts';
import { deliveryMetrics } from './delivery-metrics.ts';
import { processMetrics } from './process-metrics.ts';

/**
 * Every metric of tschat. `docs/metrics.md` is made from it (`npm run metrics`). A process shows those of its modules, besides
 * those of Node.js itself (`nodejs_…`, `process_…`).
 */
export const catalogue = {
	...connectMetrics,
	...deliveryMetrics,
	...processMetrics,
} as const satisfies Declarations;

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
