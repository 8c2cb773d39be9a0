import { createServer, type ServerResponse } from 'node:http';
import { isWildcard } from './advertise-host.ts';
import { listen } from './listen.ts';
import type { ProcessMetrics } from './metrics/metrics.ts';

/** How long a module may take to say what it misses. */
const answerMs = 2000;

/** What each module misses; modules that miss nothing are left out. */
export type Missing = Readonly<Record<string, readonly string[]>>;

interface AdminOptions {
	readonly host: string;
	/** 0 lets the system choose. */
	readonly port: number;
	/** The host to tell others when `host` is a wildcard. */
	readonly advertiseHost: string;
	missing(): Promise<Missing>;
	readonly metrics: Pick<ProcessMetrics, 'text' | 'contentType'>;
}

export interface AdminServer {
	/** `http://host:port`. */
	readonly url: string;
	close(): Promise<void>;
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(`${JSON.stringify(body)}\n`);
};

const answerMetrics = async (response: ServerResponse, metrics: AdminOptions['metrics']): Promise<void> => {
	const text = await metrics.text();
	response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
	response.end(text);
};

/** The answer of a module to "what do you miss?"; a module that fails or hangs misses an answer. */
export const askMissing = async (ask: () => Promise<string[]>): Promise<string[]> => {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string[]>((resolve) => {
		timer = setTimeout(resolve, answerMs, [`no answer within ${answerMs} ms`]);
	});
	try {
		return await Promise.race([ask(), late]);
	} catch {
		return ['its check failed'];
	} finally {
		clearTimeout(timer);
	}
};

/**
 * For orchestrators: `/healthz` answers 200 while the process runs, `/readyz` 200 while all its modules can work,
 * otherwise 503 naming what each one misses. For Prometheus: `/metrics`.
 */
export const startAdminServer = async (options: AdminOptions): Promise<AdminServer> => {
	const server = createServer(async (request, response) => {
		if (request.url === '/healthz') return answer(response, 200, { status: 'ok' });
		if (request.url === '/metrics') return answerMetrics(response, options.metrics);
		if (request.url !== '/readyz') return answer(response, 404, { status: 'not found' });
		const missing = await options.missing();
		if (Object.keys(missing).length === 0) answer(response, 200, { status: 'ready' });
		else answer(response, 503, { status: 'not ready', missing });
	});
	const port = await listen(server, options.host, options.port);
	const host = isWildcard(options.host) ? options.advertiseHost : options.host;
	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
};
