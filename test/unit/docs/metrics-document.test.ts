import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../../src/runtime/metrics/catalogue.ts';
import type { Declaration } from '../../../src/runtime/metrics/declaration.ts';
import { withMetricsTable } from '../../support/metrics-document.ts';

const path = join(import.meta.dirname, '../../../docs/metrics.md');
const declared = Object.entries<Declaration>(catalogue);

// `npm run metrics` is this test with the permission to write.
test('docs/metrics.md has the table that `npm run metrics` writes', async () => {
	await expect(withMetricsTable(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
});

test.each(declared)('%s is named as Prometheus asks for', (name, { kind, labels, help, buckets }) => {
	expect(name).toMatch(/^tschat(_[a-z]+)+$/);
	expect(name.endsWith('_total')).toBe(kind === 'counter');
	expect(name).not.toMatch(/_(ms|milliseconds|kb|mb|percent|count|sum|bucket)$/);
	for (const label of labels) expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/);
	expect(help).toMatch(/^[A-Z0-9`].*\.$/s);
	expect(buckets === undefined).toBe(kind !== 'histogram');
	expect(buckets ?? []).toEqual([...(buckets ?? [])].sort((a, b) => a - b));
});
