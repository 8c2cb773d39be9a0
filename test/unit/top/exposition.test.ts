import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { parseExposition } from '../../../src/top/exposition.ts';

test('samples are read with their labels, whatever these hold; what is no sample is left out', () => {
	const text = [
		'# HELP a_total Of {all="kinds"}',
		'# TYPE a_total counter',
		'a_total 3',
		'b{x="1",y="a \\"quoted\\" \\\\ back, {brace} and\\nline"} -1.5e3 1700000000000',
		'c_bucket{le="+Inf"} +Inf',
		'd NaN',
		'',
		'no sample at all',
	].join('\n');
	expect(parseExposition(text)).toEqual([
		{ name: 'a_total', labels: {}, value: 3 },
		{ name: 'b', labels: { x: '1', y: 'a "quoted" \\ back, {brace} and\nline' }, value: -1500 },
		{ name: 'c_bucket', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY },
		{ name: 'd', labels: {}, value: Number.NaN },
	]);
});

test('what a process shows is read back', async () => {
	const metrics = createMetrics({ ofNode: true });
	const version = 'a "version"\n\\';
	metrics.of('api').read('tschat_build_info', { version }, () => 1);
	const text = await metrics.text();
	const samples = parseExposition(text);
	expect(samples).toContainEqual({ name: 'tschat_build_info', labels: { module: 'api', version }, value: 1 });
	expect(samples).toHaveLength(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length);
});
