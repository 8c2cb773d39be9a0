import { pino } from 'pino';
import { createApp } from '../../../src/api/app.ts';
import type { FindEndpoints } from '../../../src/api/endpoints.ts';
import type { RpcClient } from '../../../src/ports/rpc.ts';
import { type ErrorKey, errorKinds } from '../../../src/protocol/errors.ts';
import type { MethodName, ParamsOf, ResultOf } from '../../../src/protocol/rpc.ts';
import { trustedProxies } from '../../../src/runtime/client-address.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { reader } from '../../support/metric-values.ts';

type Answers = { [M in MethodName]?: (params: ParamsOf<M>) => ResultOf<M> };
type Call = { [M in MethodName]: { method: M; params: ParamsOf<M>; deadlineMs?: number } }[MethodName];

export const maxBodyBytes = 4096;

interface Request {
	readonly token?: string;
	/** An object as JSON, a string as it is. */
	readonly body?: unknown;
	readonly headers?: Record<string, string>;
}

interface Options {
	readonly endpoints?: FindEndpoints;
	/** `section.key=value`. */
	readonly settings?: readonly string[];
}

/** The API on a real port, with logic's answers given by the test. `calls` holds what it asked. */
export const startApi = async (answers: Answers, { endpoints = async () => [], settings = [] }: Options = {}) => {
	const calls: Call[] = [];
	const rpc: RpcClient = {
		call: async (method, params, { deadlineMs } = {}) => {
			calls.push({ method, params, ...(deadlineMs && { deadlineMs }) } as Call);
			const answer = answers[method];
			if (answer === undefined) throw new Error(`secret detail: no answer for ${method} in /srv/logic.ts`);
			return answer(params);
		},
	};
	const { limits, proxy, api } = loadConfig({ environment: {}, assignments: settings });
	const metrics = createMetrics();
	const logged: string[] = [];
	const app = await createApp({
		rpc,
		endpoints,
		logger: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
		metrics: metrics.of('api'),
		limits,
		maxBodyBytes,
		allowedOrigins: api.allowed_origins,
		trusted: trustedProxies(proxy.trusted),
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return {
		url,
		calls,
		/** Errors, line by line. */
		logged,
		metrics,
		/** The value of a metric. */
		metric: reader(metrics),
		metricsText: metrics.text,
		close: () => app.close(),
		/** Posts bytes; the status and the answer. */
		postBytes: async (path: string, body: Buffer) => {
			const response = await fetch(url + path, { method: 'POST', body: new Uint8Array(body) });
			return { status: response.status, answer: (await response.json()) as unknown };
		},
		/** Posts a body (an object as JSON, a string as it is); the status and the answer. */
		post: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
			const response = await fetch(url + path, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: typeof body === 'string' ? body : JSON.stringify(body),
			});
			return { status: response.status, answer: (await response.json()) as unknown };
		},
		/** A request of v2; `answer` is null when the response has no body. */
		ask: async (method: string, path: string, { token, body, headers = {} }: Request = {}) => {
			const response = await fetch(url + path, {
				method,
				headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
				...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
			});
			const text = await response.text();
			return { status: response.status, answer: text === '' ? null : (JSON.parse(text) as unknown) };
		},
	};
};

/** How v2 refuses a request. */
export const refusal = (key: ErrorKey, message: string = errorKinds[key].message) => ({
	status: errorKinds[key].httpStatus,
	answer: { error: { key, message, retryable: errorKinds[key].retryable } },
});
