import { hidePasswords } from '../../runtime/config-secrets.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { probeCollector } from '../../runtime/tracing/probe-collector.ts';
import type { Check } from '../examination.ts';
import { ok, warn } from '../finding.ts';

const headers = 'put what it asks for into OTEL_EXPORTER_OTLP_HEADERS';
const cures: Readonly<Record<number, string>> = {
	401: headers,
	403: headers,
	404: 'is the path right? OTLP over HTTP is usually http://host:4318/v1/traces',
	405: 'is the path right? OTLP over HTTP is usually http://host:4318/v1/traces',
};

/** Whether the collector of traces takes what it is sent. Spans are all that is lost without it. */
export const checkTracing: Check = async ({ config }) => {
	const { endpoint } = config.tracing;
	if (endpoint === '') return [];
	const collector = `the collector at ${hidePasswords(endpoint)}`;
	try {
		const status = await probeCollector(endpoint);
		if (status === undefined) return [ok('tracing', `${collector} takes spans`)];
		return [warn('tracing', `${collector} answers ${status}`, cures[status] ?? 'look at its log')];
	} catch (error) {
		const todo = 'start it, or correct tracing.endpoint: http://host:4318/v1/traces, as 4317 is for gRPC';
		return [warn('tracing', `${collector} does not answer (${failureReason(error)})`, todo)];
	}
};
