import type { ServiceInstance } from '../../ports/service-registry.ts';
import { cureOf } from '../../runtime/adapters-probes.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { readRpcPem } from '../../runtime/tls-settings.ts';
import { type Check, type Examination, isNeeded } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** Why a call does not come through whoever is called: the settings do not fit together. */
const isMisfit = (reason: string): boolean => /rpc\.|plain|TLS|certificate|alert|issuer/i.test(reason);

const call = async ({ probes }: Examination, instance: ServiceInstance): Promise<Finding> => {
	const { service, serverId, rpc } = instance;
	const callee = `${service} ${serverId} at ${rpc}`;
	try {
		return ok('rpc', `${callee} answers, ${(await probes.call(instance)).toFixed(0)} ms`);
	} catch (error) {
		const reason = failureReason(error);
		// One that was killed is registered until its lease ends.
		return isMisfit(reason)
			? fail('rpc', `${callee} cannot be called: ${reason}`, cureOf('module', error))
			: warn('rpc', `${callee} does not answer (${reason})`, cureOf('module', error));
	}
};

/** Whether this process has what it is to show to others. If not, the check of certificates tells why. */
const canShowItself = ({ config, module }: Examination): boolean => {
	try {
		readRpcPem(config, module);
		return true;
	} catch {
		return false;
	}
};

/** Of each service that answers calls the instance that started last is called, by the settings of this process. None runs: nothing to say. */
export const checkRpc: Check = async (examination) => {
	if (!isNeeded(examination, 'etcd')) return [];
	const { instances } = await examination.probes.etcd();
	const latest = new Map<string, ServiceInstance>();
	for (const instance of instances) {
		const known = latest.get(instance.service);
		if (instance.rpc !== null && !(known && known.startedAt > instance.startedAt))
			latest.set(instance.service, instance);
	}
	if (latest.size > 0 && !canShowItself(examination)) {
		const found = 'no module was called: the certificates of rpc.tls_cert cannot be used here';
		return [warn('rpc', found, 'do what "tls" says, and ask again')];
	}
	return Promise.all([...latest.values()].map((instance) => call(examination, instance)));
};
