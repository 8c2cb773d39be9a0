import type { ProcessMetrics } from '../../src/runtime/metrics/metrics.ts';
import { parseExposition } from '../../src/top/exposition.ts';

type Labels = Readonly<Record<string, string>>;

/** The value of the one sample with this name and these labels, besides others; undefined if there is none. */
const metricIn = (text: string, name: string, labels: Labels = {}): number | undefined =>
	parseExposition(text).find(
		(sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
	)?.value;

/** Asks metrics for values, as a scrape would. */
export const reader =
	(metrics: Pick<ProcessMetrics, 'text'>) =>
	async (name: string, labels: Labels = {}): Promise<number | undefined> =>
		metricIn(await metrics.text(), name, labels);
