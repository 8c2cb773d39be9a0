import type { ServiceName } from '../ports/service-registry.ts';
import { createProbes, type Probes } from '../runtime/adapters-probes.ts';
import type { Config } from '../runtime/config-schema.ts';
import { failureReason } from '../runtime/failure-reason.ts';
import { UsageError } from '../runtime/failures.ts';
import { checkClock } from './checks/clock-check.ts';
import { checkEtcd } from './checks/etcd-check.ts';
import { checkExposure } from './checks/exposure-check.ts';
import { checkFiles } from './checks/files-check.ts';
import { checkPorts } from './checks/ports-check.ts';
import { checkPublicUrls } from './checks/public-url-check.ts';
import { checkRedis } from './checks/redis-check.ts';
import { checkRpc } from './checks/rpc-check.ts';
import { checkStore } from './checks/store-check.ts';
import { checkTls } from './checks/tls-check.ts';
import { checkTracing } from './checks/tracing-check.ts';
import { checkVersions } from './checks/versions-check.ts';
import type { Check, Examination } from './examination.ts';
import { type Finding, fail, ok } from './finding.ts';

const patienceMs = 15_000;

const checks: Readonly<Record<string, Check>> = {
	version: checkVersions,
	mode: checkExposure,
	tls: checkTls,
	'public url': checkPublicUrls,
	store: checkStore,
	redis: checkRedis,
	etcd: checkEtcd,
	rpc: checkRpc,
	tracing: checkTracing,
	clock: checkClock,
	port: checkPorts,
	files: checkFiles,
};

const once = <T>(look: () => Promise<T>): (() => Promise<T>) => {
	let looking: Promise<T> | undefined;
	return () => {
		looking ??= look();
		return looking;
	};
};

const lookingOnce = ({ redis, etcd, store, call }: Probes): Probes => ({
	redis: once(redis),
	etcd: once(etcd),
	store: once(store),
	call,
});

/** A check that fails or hangs is a finding too. */
const bounded = async (what: string, check: Check, examination: Examination): Promise<readonly Finding[]> => {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Finding[]>((resolve) => {
		const found = `the check had no end within ${patienceMs / 1000} s`;
		timer = setTimeout(resolve, patienceMs, [fail(what, found, 'look whether the server hangs')]);
	});
	try {
		return await Promise.race([check(examination), late]);
	} catch (error) {
		return [fail(what, `the check failed (${failureReason(error)})`, 'look at the server and its settings')];
	} finally {
		clearTimeout(timer);
	}
};

/** Everything there is to say about an installation. `readConfig` throws `UsageError` for settings that are not valid. */
export const examine = async (
	readConfig: () => Config,
	module: ServiceName | undefined,
): Promise<readonly Finding[]> => {
	let config: Config;
	try {
		config = readConfig();
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		return error.faults.map((fault) => fail('config', fault, 'correct it; until then nothing else can be checked'));
	}
	const examination: Examination = { config, module, probes: lookingOnce(createProbes(config, module)) };
	const findings = await Promise.all(Object.entries(checks).map(([what, check]) => bounded(what, check, examination)));
	return [ok('config', 'the settings are valid'), ...findings.flat()];
};
