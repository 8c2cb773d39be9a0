import { allModules, type Declarations, roughDurations } from './declaration.ts';

const callers = ['api', 'logic', 'connect-ws', 'connect-tcp', 'task'] as const;
const answering = ['logic', 'connect-ws', 'connect-tcp'] as const;

/** What modules have in common: what runs, who answers whom, and the servers beside them. */
export const processMetrics = {
	tschat_build_info: {
		kind: 'gauge',
		help: '1, under the version that runs.',
		labels: ['version'],
		modules: allModules,
	},
	tschat_ready: {
		kind: 'gauge',
		help: '1 while the module can do its work; 0 while it starts, stops or misses something, which /readyz names.',
		labels: [],
		modules: allModules,
	},
	tschat_http_request_duration_seconds: {
		kind: 'histogram',
		help: 'From the arrival of a request to the end of its answer. `route` is the pattern, `none` where there is no such route.',
		labels: ['route', 'method', 'status'],
		buckets: roughDurations,
		modules: ['api', 'site'],
	},
	tschat_rpc_client_duration_seconds: {
		kind: 'histogram',
		help: 'How long calls to other modules took, with all tries on other instances, failures included.',
		labels: ['method'],
		buckets: roughDurations,
		modules: callers,
		adapter: 'always',
	},
	tschat_rpc_client_errors_total: {
		kind: 'counter',
		help: 'Calls to other modules that failed, by the key of the error (docs/errors.md).',
		labels: ['method', 'error'],
		modules: callers,
		adapter: 'always',
	},
	tschat_rpc_server_duration_seconds: {
		kind: 'histogram',
		help: 'How long calls from other modules took to be answered, failures included.',
		labels: ['method'],
		buckets: roughDurations,
		modules: answering,
		adapter: 'always',
	},
	tschat_rpc_server_errors_total: {
		kind: 'counter',
		help: 'Calls from other modules that were answered with an error, by its key (docs/errors.md).',
		labels: ['method', 'error'],
		modules: answering,
		adapter: 'always',
	},
	tschat_tls_certificate_expiry_timestamp_seconds: {
		kind: 'gauge',
		help: 'When a certificate of this process expires (Unix time): that for clients, or that for calls between modules (`rpc`). Shown where there is one.',
		labels: ['certificate'],
		modules: allModules,
		adapter: 'always',
		optional: true,
	},
	tschat_etcd_leases_lost_total: {
		kind: 'counter',
		help: 'How often the lease in etcd was lost, and everything was registered again.',
		labels: [],
		modules: allModules,
		adapter: 'cluster',
	},
	tschat_etcd_reconnects_total: {
		kind: 'counter',
		help: 'How often etcd answered again after it had not.',
		labels: [],
		modules: allModules,
		adapter: 'cluster',
	},
	tschat_redis_reconnects_total: {
		kind: 'counter',
		help: 'How often a connection to Redis was made again after it had been lost.',
		labels: [],
		modules: ['logic', 'connect-ws', 'connect-tcp', 'task'],
		adapter: 'cluster',
	},
} as const satisfies Declarations;
