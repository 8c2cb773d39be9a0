import type { Metrics } from '../runtime/metrics/metrics.ts';

/** The limits of connections, by the names of their settings. `docs/limits.md` tells each. */
const limits = [
	'connections_total',
	'connections_memory_percent',
	'connections_per_address',
	'connections_per_address_second',
	'connections_per_user',
	'connections_unauthenticated',
	'connections_unauthenticated_per_address',
	'frames_per_second',
	'frames_debt',
	'bytes_per_second',
	'resume_bytes_per_second',
	'rooms_per_connection',
	'auth_timeout_ms',
	'max_frame_bytes',
	'allowed_origins',
] as const;

export type LimitName = (typeof limits)[number];

/** Counts that a limit refused, closed or slowed down a client. */
export type CountRefusal = (limit: LimitName) => void;

/** All of them are there from the start, at 0: a rise from nothing at all is none for Prometheus. */
export const createRefusals = (metrics: Metrics): CountRefusal => {
	const counters = new Map(
		limits.map((limit) => [limit, metrics.counter('tschat_limit_refusals_total', { limit })] as const),
	);
	return (limit) => counters.get(limit)?.();
};
