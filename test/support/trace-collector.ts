import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP tells it, as far as the tests look. */
export interface Span {
	readonly traceId: string;
	readonly spanId: string;
	/** Empty or missing for the first of a trace. */
	readonly parentSpanId?: string;
	readonly name: string;
	readonly attributes: readonly { key: string; value: { readonly stringValue?: string } }[];
	/** `service.name` of the process that recorded it. */
	readonly service: string;
	/** `service.instance.id` of it. */
	readonly instance: string;
}

export interface TraceCollector {
	/** For `tracing.endpoint`. */
	readonly url: string;
	readonly spans: readonly Span[];
	/** All that was received, as text. */
	received(): string;
	close(): Promise<void>;
}

interface Export {
	readonly resourceSpans: readonly {
		readonly resource: { readonly attributes: Span['attributes'] };
		readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service' | 'instance'>[] }[];
	}[];
}

/** Takes spans by OTLP over HTTP, in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp): no package of Debian's does. */
export const startTraceCollector = async (): Promise<TraceCollector> => {
	const spans: Span[] = [];
	const texts: string[] = [];
	const server = createServer(async (request, response) => {
		let text = '';
		for await (const chunk of request) text += chunk;
		texts.push(text);
		for (const { resource, scopeSpans } of (JSON.parse(text) as Export).resourceSpans) {
			const told = (name: string) => String(resource.attributes.find(({ key }) => key === name)?.value.stringValue);
			const process = { service: told('service.name'), instance: told('service.instance.id') };
			for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, ...process })));
		}
		response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
		spans,
		received: () => texts.join('\n'),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
