import { cureOf } from '../../runtime/adapters-probes.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { type Check, isNeeded, subject } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const slowMs = 100;

/** Each host reachable, a leader, and a lease that is granted, which is what a registration needs. */
export const checkEtcd: Check = async (examination) => {
	if (!isNeeded(examination, 'etcd')) return [ok('etcd', `not used by ${subject(examination)}`)];
	const { hosts, lease } = await examination.probes.etcd();
	const none = hosts.every((host) => 'failure' in host);
	const ofHosts = hosts.map((state): Finding => {
		const address = `etcd at ${state.host}`;
		if ('failure' in state) {
			const found = `${address} does not answer (${failureReason(state.failure)})`;
			return (none ? fail : warn)('etcd', found, cureOf('etcd', state.failure));
		}
		const { version, latencyMs, hasLeader } = state;
		const found = `etcd ${version} at ${state.host}, ${latencyMs.toFixed(0)} ms`;
		if (!hasLeader) return fail('etcd', `${found}, without a leader`, 'start the other members of its cluster');
		if (latencyMs > slowMs) return warn('etcd', found, 'look at the disk and the load of its machine');
		return ok('etcd', found);
	});
	if (none) return ofHosts;
	const { lease_seconds: seconds } = examination.config.etcd;
	const ofLease = lease.granted
		? ok('etcd lease', `a lease of ${seconds} s is granted`)
		: fail(
				'etcd lease',
				`no lease of ${seconds} s is granted (${failureReason(lease.failure)})`,
				'look at etcdctl endpoint status and alarm list: a full database has to be compacted and disarmed',
			);
	return [...ofHosts, ofLease];
};
