import type { Config } from '../config-schema.ts';
import type { Logger } from '../logger.ts';

interface Tracing {
	/** Sends what was recorded, within two seconds. */
	stop(): Promise<void>;
}

const flushMs = 2000;

/**
 * Records spans and sends them by OTLP over HTTP. A collector that is slow or away costs spans, and nothing else. Headers
 * for it come from `OTEL_EXPORTER_OTLP_HEADERS`. To be called before anything is traced. Undefined when tracing is off.
 */
export const startTracing = async (
	{ endpoint, sample_ratio }: Config['tracing'],
	process: { readonly service: string; readonly serverId: string; readonly version: string },
	logger: Logger,
): Promise<Tracing | undefined> => {
	if (endpoint === '') return undefined;
	const [{ diag, DiagLogLevel }, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
		import('@opentelemetry/api'),
		import('@opentelemetry/sdk-trace-node'),
		import('@opentelemetry/exporter-trace-otlp-http'),
		import('@opentelemetry/resources'),
	]);
	const quiet = () => {};
	const warn = (reason: string) => logger.warn({ reason }, 'spans could not be sent');
	diag.setLogger({ error: warn, warn, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);

	const { NodeTracerProvider, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } = sdk;
	const provider = new NodeTracerProvider({
		resource: resourceFromAttributes({
			'service.namespace': 'tschat',
			'service.name': process.service === 'all' ? 'tschat' : `tschat-${process.service}`,
			'service.instance.id': process.serverId,
			'service.version': process.version,
		}),
		sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample_ratio) }),
		spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint, timeoutMillis: flushMs }))],
	});
	provider.register();
	return {
		stop: async () => {
			let timer: NodeJS.Timeout | undefined;
			const late = new Promise<void>((resolve) => {
				timer = setTimeout(resolve, flushMs);
			});
			// What cannot be sent any more is told by the logger above.
			await Promise.race([provider.shutdown().catch(() => {}), late]);
			clearTimeout(timer);
		},
	};
};
