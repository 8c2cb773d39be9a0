const patienceMs = 2000;

/**
 * Sends an export without spans, as spans are sent: with the same headers, compression and authorities, which come from the environment.
 * Undefined if it was taken, or the status of the answer; rejects where there is none.
 */
export const probeCollector = async (endpoint: string): Promise<number | undefined> => {
	const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
	const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: patienceMs });
	try {
		const error = await new Promise<Error | undefined>((resolve) => {
			exporter.export([], (result) =>
				resolve(result.code === 0 ? undefined : (result.error ?? new Error('no answer'))),
			);
		});
		if (error === undefined) return undefined;
		if ('code' in error && typeof error.code === 'number') return error.code;
		throw error;
	} finally {
		await exporter.shutdown();
	}
};
