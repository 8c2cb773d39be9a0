import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from '../../../src/runtime/metrics/catalogue.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { dashboardQueries, metricsNamedIn, rulesFile } from '../../support/observability.ts';

/** Those of Node.js, which show themselves once the garbage collector has run. */
const ofNode = async (): Promise<Set<string>> => {
	const text = await createMetrics({ ofNode: true }).text();
	return new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name = '']) => name));
};

test('every metric that the dashboard and the alerts name exists', async () => {
	const exist = new Set([...Object.keys(catalogue), ...(await ofNode())]);
	const named = [...dashboardQueries.map(({ query }) => query), readFileSync(rulesFile, 'utf8')].flatMap(
		metricsNamedIn,
	);
	expect(named.filter((name) => !exist.has(name))).toEqual([]);
});

test('the dashboard shows every metric of the catalogue', () => {
	const shown = new Set(dashboardQueries.flatMap(({ query }) => metricsNamedIn(query)));
	expect(Object.keys(catalogue).filter((name) => !shown.has(name))).toEqual([]);
});
