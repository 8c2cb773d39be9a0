import { cureOf } from '../../runtime/adapters-probes.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { type Check, isNeeded, subject } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const slowMs = 100;

/** What etcd says to a user that it knows, but who may not do this. */
const isForbidden = (reason: string): boolean => reason.includes('permission denied');

/** Each host reachable, a leader, a lease that is granted, and the rights to keys: what a registration needs. */
export const checkEtcd: Check = async (examination) => {
	if (!isNeeded(examination, 'etcd')) return [ok('etcd', `not used by ${subject(examination)}`)];
	const { hosts, lease, rights } = await examination.probes.etcd();
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
	const { lease_seconds: seconds, prefix } = examination.config.etcd;
	const ofLease = lease.granted
		? ok('etcd lease', `a lease of ${seconds} s is granted`)
		: fail(
				'etcd lease',
				`no lease of ${seconds} s is granted (${failureReason(lease.failure)})`,
				'look at etcdctl endpoint status and alarm list: a full database has to be compacted and disarmed',
			);
	const folder = `${prefix.replace(/\/+$/, '')}/`;
	if (rights.granted) return [...ofHosts, ofLease, ok('etcd rights', `keys under ${folder} may be read and written`)];
	const reason = failureReason(rights.failure);
	const remedy = isForbidden(reason)
		? `give the user readwrite on ${folder}: etcdctl role grant-permission ROLE --prefix readwrite ${folder}`
		: cureOf('etcd', rights.failure);
	return [
		...ofHosts,
		ofLease,
		fail('etcd rights', `keys under ${folder} cannot be read and written (${reason})`, remedy),
	];
};
