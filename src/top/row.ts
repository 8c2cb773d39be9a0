import { type Between, type Histogram, quantile } from './between.ts';
import type { Labels } from './exposition.ts';
import type { Shown } from './find.ts';
import type { Scrape } from './scrape.ts';

/** What is told of a module instance. Undefined: it does not tell, or has nothing of the kind. Times in seconds, sizes in bytes. */
export interface Row {
	readonly service: string;
	readonly id: string;
	readonly version: string;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** Undefined when it does not answer. */
	readonly ready: boolean | undefined;
	readonly connections: number | undefined;
	/** A second: messages accepted (logic), taken from the queue (task), frames (connect) or requests (api, site) received. */
	readonly in: number | undefined;
	/** A second: messages written to clients. */
	readonly out: number | undefined;
	/** 99 of 100 took no longer: a delivery (connect), a commit (logic), a request (api, site). */
	readonly p99: number | undefined;
	readonly queue: number | undefined;
	/** Of the event loop, p99. These three are of the whole process. */
	readonly lag: number | undefined;
	readonly memory: number | undefined;
	/** Share of one core. */
	readonly processor: number | undefined;
}

interface Source {
	readonly in: string;
	readonly took: string;
}

const sources: Readonly<Record<string, Source>> = {
	logic: { in: 'tschat_messages_accepted_total', took: 'tschat_store_commit_duration_seconds' },
	task: { in: 'tschat_queue_batch_items_sum', took: '' },
	'connect-ws': { in: 'tschat_frames_received_total', took: 'tschat_delivery_duration_seconds' },
	'connect-tcp': { in: 'tschat_frames_received_total', took: 'tschat_delivery_duration_seconds' },
	api: { in: 'tschat_http_request_duration_seconds_count', took: 'tschat_http_request_duration_seconds' },
	site: { in: 'tschat_http_request_duration_seconds_count', took: 'tschat_http_request_duration_seconds' },
};

/** How long what an instance does took, since the last look. */
export const tookOf = (service: string, since: Between): Histogram =>
	since.histogram(sources[service]?.took ?? '', { module: service });

/** `scrape` and `since` are undefined when the process does not answer, `since` also at the first look. */
export const rowOf = (shown: Shown, scrape: Scrape | undefined, since: Between | undefined): Row => {
	const { service, serverId: id, version, startedAt } = shown;
	const own: Labels = { module: service };
	return {
		service,
		id,
		version,
		startedAt,
		ready: scrape && scrape.sum('tschat_ready', own) === 1,
		connections: scrape?.sum('tschat_connections', own),
		in: since?.rate(sources[service]?.in ?? '', own),
		out: since?.rate('tschat_messages_delivered_total', own),
		p99: since && quantile(tookOf(service, since), 0.99),
		queue: scrape?.sum('tschat_queue_items', own),
		lag: scrape?.sum('nodejs_eventloop_lag_p99_seconds'),
		memory: scrape?.sum('process_resident_memory_bytes'),
		processor: since?.rate('process_cpu_seconds_total'),
	};
};
