import { Etcd3, type ICompare, type IOptions, type IRequestOp } from 'etcd3';
import type { Pem } from '../../ports/certificates.ts';
import { hostPolicies } from './host-policy.ts';

/** How long one call to one host may take. */
export const CALL_MS = 1_000;

export interface EtcdAccess {
	/** URLs, `http://host:port` or `https://host:port`. */
	readonly hosts: readonly string[];
	/** Whom to trust about https hosts, and this client's certificate if they demand one. Absent: the public authorities. */
	readonly pem?: (Required<Pick<Pem, 'ca'>> & Partial<Pem>) | undefined;
	/** Absent: etcd has no authentication on. */
	readonly user?: { readonly name: string; readonly password: string } | undefined;
}

/** How etcd3 wants them. */
const credentialsOf = ({ ca, cert, key }: NonNullable<EtcdAccess['pem']>): NonNullable<IOptions['credentials']> => ({
	rootCertificate: ca,
	...(cert !== undefined && key !== undefined && { certChain: cert, privateKey: key }),
});

/**
 * A client of etcd whose calls all end: each has a deadline, and a stream fails when its connection stops to answer pings.
 * Only etcd3's plain calls are used, not its `Lease` and `Watcher`: those keep state of their own, which does not always
 * notice that a lease was lost, and repeats a watch from a revision that may be compacted or of another history.
 */
export const createClient = ({ hosts, pem, user }: EtcdAccess): Etcd3 =>
	new Etcd3({
		hosts: hosts.map((host) => host.replace(/\/+$/, '')),
		defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: Date.now() + CALL_MS }),
		faultHandling: hostPolicies(hosts),
		...(pem && { credentials: credentialsOf(pem) }),
		...(user && { auth: { username: user.name, password: user.password } }),
		grpcOptions: {
			// etcd closes connections that ping more often than each five seconds.
			'grpc.keepalive_time_ms': 10_000,
			'grpc.keepalive_timeout_ms': 3_000,
			'grpc.initial_reconnect_backoff_ms': 100,
			'grpc.max_reconnect_backoff_ms': 500,
		},
	});

/** Commits `operations` if all of `compare` hold; whether they did. */
export const commitIf = async (
	client: Etcd3,
	compare: readonly ICompare[],
	operations: readonly IRequestOp[],
): Promise<boolean> => {
	const { succeeded } = await client.kv.txn({ compare: [...compare], success: [...operations] });
	return succeeded;
};

export const valueIs = (key: Buffer, value: Buffer): ICompare => ({ key, target: 'Value', result: 'Equal', value });

export const leaseIs = (key: Buffer, lease: string): ICompare => ({ key, target: 'Lease', result: 'Equal', lease });

export const isAbsent = (key: Buffer): ICompare => ({
	key,
	target: 'Create',
	result: 'Equal',
	create_revision: 0,
});

/** The range of all keys that begin with `prefix`, which ends in a slash: up to the one that would end in `0`, the next character. */
export const keysUnder = (prefix: string): { key: Buffer; range_end: Buffer } => ({
	key: Buffer.from(prefix),
	range_end: Buffer.from(prefix.replace(/\/$/, '0')),
});
