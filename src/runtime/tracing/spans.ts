import {
	type Attributes,
	context,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	TraceFlags,
	trace,
} from '@opentelemetry/api';
import { errorKinds, toChatError } from '../../protocol/errors.ts';

/**
 * Spans by OpenTelemetry's own interface, which does nothing until `startTracing` has given it something to record with: then
 * a call of these costs 10 to 120 ns. Only what is sampled is ever told to another process.
 */
const tracer = trace.getTracer('tschat');

/** Version, trace, parent and flags of https://www.w3.org/TR/trace-context/; ours are always sampled, those of clients may not be. */
const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

const traceparentOf = (span: Span): string | undefined => {
	if (!span.isRecording()) return undefined;
	const { traceId, spanId } = span.spanContext();
	return `00-${traceId}-${spanId}-01`;
};

/** The current span as a W3C `traceparent`, to travel with a call or an item; undefined when it is not recorded. */
export const traceparent = (): string | undefined => {
	const span = trace.getActiveSpan();
	return span && traceparentOf(span);
};

/** What log lines are found by; undefined when nothing is recorded. */
export const traceId = (): string | undefined => {
	const span = trace.getActiveSpan();
	return span?.isRecording() ? span.spanContext().traceId : undefined;
};

const contextOf = (parent: string | undefined) => {
	const [, id, spanId, flags = ''] = pattern.exec(parent ?? '') ?? [];
	if (id === undefined || spanId === undefined) return undefined;
	const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
	const remote = { traceId: id, spanId, traceFlags, isRemote: true };
	return trace.setSpanContext(context.active(), remote);
};

/** Says what went wrong by the key of the error: messages and stacks stay here. */
const failed = (span: Span, thrown: unknown): void => {
	const { key } = toChatError(thrown);
	span.setAttribute('error.type', key);
	if (errorKinds[key].httpStatus >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
};

const untilEnd = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
	try {
		return await work();
	} catch (error) {
		failed(span, error);
		throw error;
	} finally {
		span.end();
	}
};

/** Begins a trace where a client's frame comes in. */
export const inRootSpan = <T>(name: string, work: () => Promise<T>): Promise<T> =>
	tracer.startActiveSpan(name, { kind: SpanKind.SERVER, root: true }, (span) =>
		span.isRecording() ? untilEnd(span, work) : work(),
	);

/** Says of the current span that it failed, where nothing is thrown. */
export const spanFailed = (error: unknown): void => {
	const span = trace.getActiveSpan();
	if (span?.isRecording()) failed(span, error);
};

export interface RequestSpan {
	/** Whatever is begun in it is part of the request. */
	within<T>(work: () => T): T;
	end(attributes: Attributes): void;
}

/** Begins a trace where a request comes in. With `parent`, a `traceparent` of the client's, it is part of the client's trace. */
export const startRequestSpan = (name: string, attributes: Attributes, parent: string | undefined): RequestSpan => {
	const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, contextOf(parent) ?? ROOT_CONTEXT);
	const active = trace.setSpan(ROOT_CONTEXT, span);
	return {
		within: (work) => context.with(active, work),
		end: (more) => void span.setAttributes(more).end(),
	};
};

/** A part of what is being traced; what is not part of anything, as work by the clock, begins no trace of its own. */
export const inSpan = <T>(name: string, work: () => Promise<T>, kind: SpanKind = SpanKind.INTERNAL): Promise<T> => {
	if (!trace.getActiveSpan()?.isRecording()) return work();
	return tracer.startActiveSpan(name, { kind }, (span) => untilEnd(span, work));
};

/** A call to another process. */
export const inCallSpan = <T>(name: string, work: () => Promise<T>): Promise<T> => inSpan(name, work, SpanKind.CLIENT);

/** Continues what another process began. */
export const inSpanOf = <T>(parent: string | undefined, name: string, work: () => Promise<T>): Promise<T> => {
	const remote = parent === undefined ? undefined : contextOf(parent);
	if (remote === undefined) return work();
	return tracer.startActiveSpan(name, { kind: SpanKind.SERVER }, remote, (span) => untilEnd(span, work));
};

/** A span of a message on its way, which nobody waits for; undefined when nothing is recorded. */
export const startMessageSpan = (
	parent: string,
	name: string,
): { readonly traceparent: string; end(): void } | undefined => {
	const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER }, contextOf(parent));
	const own = traceparentOf(span);
	return own === undefined ? undefined : { traceparent: own, end: () => span.end() };
};
