import { type IOptions, isRecoverableError } from 'etcd3';

type FaultHandling = NonNullable<IOptions['faultHandling']>;
type Policy = NonNullable<FaultHandling['global']>;

/** How long a host that failed is left alone while there are others. */
const AVOID_MS = 2_000;

/** Makes etcd3 go on to the next host. */
class HostAvoided extends Error {}

const worthAnotherHost = (error: unknown) =>
	error instanceof HostAvoided || (error instanceof Error && isRecoverableError(error));

const policy = (execute: Policy['execute']): Policy => {
	const never = () => ({ dispose: () => {} });
	return { _altReturn: undefined as never, onSuccess: never, onFailure: never, execute };
};

/**
 * Fault handling in place of etcd3's own, whose circuit breaker refuses every call for five seconds after three failures,
 * longer than a short lease lives. Here a call goes on to another host at once, and a host that failed is left for
 * another; when all of them failed lately, they are all tried.
 */
export const hostPolicies = (hosts: readonly string[]): FaultHandling => {
	const avoidUntil = new Map<string, number>();
	const avoided = (host: string) => (avoidUntil.get(host) ?? 0) > performance.now();
	const signal = new AbortController().signal;
	// etcd3 shuffles anew between attempts, so one pass may meet the same host twice.
	const attempts = 2 * hosts.length - 1;
	return {
		global: policy(async (call) => {
			for (let attempt = 1; ; attempt++) {
				try {
					return await call({ signal });
				} catch (error) {
					if (attempt >= attempts || !worthAnotherHost(error)) throw error;
				}
			}
		}),
		host: (host) =>
			policy(async (call) => {
				if (avoided(host) && !hosts.every(avoided)) throw new HostAvoided(`${host} failed a moment ago`);
				try {
					return await call({ signal });
				} catch (error) {
					if (error instanceof Error && isRecoverableError(error)) avoidUntil.set(host, performance.now() + AVOID_MS);
					throw error;
				}
			}),
	};
};
