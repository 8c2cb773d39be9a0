import { type ErrorKey, errorKinds, toChatError } from '../protocol/errors.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';

type Outcome = 'ok' | ErrorKey;

/** Counts commits: how many messages were given to the store together, and how long it took over them. */
export const countCommits = (metrics: Metrics): ((messages: number, tookMs: number) => void) => {
	const took = metrics.histogram('tschat_store_commit_duration_seconds', {});
	const together = metrics.histogram('tschat_store_commit_messages', {});
	return (messages, tookMs) => {
		together(messages);
		took(tookMs / 1000);
	};
};

/** Counts sign-ins by how they came out. */
export const countSignIns = (metrics: Metrics): ((outcome: Outcome) => void) => {
	const outcomes = ['ok', ...Object.keys(errorKinds)];
	const counts = new Map(
		outcomes.map((outcome) => [outcome, metrics.counter('tschat_sign_ins_total', { outcome })] as const),
	);
	return (outcome) => counts.get(outcome)?.();
};

/** The handler, with a word on how each of its calls came out. */
export const countingOutcomes =
	<P, R>(handler: (params: P) => Promise<R>, ended: (outcome: Outcome) => void): ((params: P) => Promise<R>) =>
	async (params) => {
		try {
			const result = await handler(params);
			ended('ok');
			return result;
		} catch (error) {
			ended(toChatError(error).key);
			throw error;
		}
	};
