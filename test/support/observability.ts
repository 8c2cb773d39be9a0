import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../docker/observability');

export const rulesFile = join(folder, 'prometheus/alerts.yml');
export const rulesTest = join(folder, 'prometheus/alerts.test.yml');
export const prometheusConfig = join(folder, 'prometheus/prometheus.yml');

/** All alerts, by name: their run-books have these names too. */
export const alertNames = [
	'TschatModuleDown',
	'TschatNotReady',
	'TschatQueueAge',
	'TschatQueueItemsParked',
	'TschatEdgeRepairs',
	'TschatErrorRate',
	'TschatEventLoopLag',
	'TschatStoreSlow',
	'TschatConnectionsNearLimit',
	'TschatCertificateExpiring',
];

interface Panel {
	readonly title: string;
	readonly targets?: readonly { readonly expr: string }[];
}

const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
	readFileSync(join(folder, 'grafana/dashboards/tschat.json'), 'utf8'),
);

/** Each query of the dashboard, with Grafana's variables replaced as Grafana would. */
export const dashboardQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
	targets.map(({ expr }) => ({ title, query: expr.replaceAll('$__rate_interval', '1m') })),
);

/** The metrics that an expression of PromQL, or a file of rules, names; parts of a histogram by its own name. */
export const metricsNamedIn = (text: string): string[] => [
	...new Set(
		Array.from(text.matchAll(/\b(?:tschat|nodejs|process)_\w+/g), ([name]) =>
			name.replace(/_(?:bucket|sum|count)$/, ''),
		),
	),
];
