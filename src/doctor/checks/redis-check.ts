import type { RedisNodeState } from '../../runtime/adapters-probes.ts';
import { cureOf, Unusable } from '../../runtime/adapters-probes.ts';
import { hidePasswords } from '../../runtime/config-secrets.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { type Check, isNeeded, subject } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const slowMs = 20;
/** BLMOVE and RPOP with a count. */
const oldest = [6, 2];

const isOld = (version: string): boolean => {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major < (oldest[0] ?? 0) || (major === oldest[0] && minor < (oldest[1] ?? 0));
};

const memory = ({ policy, maxMemoryBytes, usedMemoryBytes }: RedisNodeState): Finding => {
	const limit = maxMemoryBytes === 0 ? 'no maxmemory' : `maxmemory ${Math.round(maxMemoryBytes / 1e6)} MB`;
	const found = `${limit}, maxmemory-policy ${policy}`;
	if (policy === 'noeviction') {
		const nearlyFull = maxMemoryBytes > 0 && usedMemoryBytes > 0.9 * maxMemoryBytes;
		return nearlyFull ? warn('redis memory', `${found}, over 90 % used`, 'raise maxmemory') : ok('redis memory', found);
	}
	const remedy = 'set maxmemory-policy noeviction: what waits for delivery, and routes, must not be thrown away';
	return (maxMemoryBytes === 0 ? warn : fail)('redis memory', found, remedy);
};

const node = (state: RedisNodeState, many: boolean): Finding[] => {
	const { address, version, role, latencyMs } = state;
	const found = `Redis ${version} at ${address}${many ? ', of a cluster' : ''}, ${latencyMs.toFixed(1)} ms`;
	if (isOld(version)) return [fail('redis', found, `install Redis ${oldest.join('.')} or newer`)];
	if (role !== 'master')
		return [fail('redis', `${found}, a ${role}: it takes no writes`, 'name the master in redis.url')];
	if (state.clusterMode && !many) {
		const remedy = `set redis.url to redis+cluster://${address}`;
		return [fail('redis', `${found}, a node of a Redis Cluster`, remedy)];
	}
	const slow = latencyMs > slowMs;
	const remedy = 'put it nearer, or look at its load: each message makes several round trips';
	return [slow ? warn('redis', found, remedy) : ok('redis', found), memory(state)];
};

/** Reachable, new enough, a master that takes writes and throws nothing away. */
export const checkRedis: Check = async (examination) => {
	if (!isNeeded(examination, 'redis')) return [ok('redis', `not used by ${subject(examination)}`)];
	const { url } = examination.config.redis;
	try {
		const states = await examination.probes.redis();
		return states.flatMap((state) => node(state, url.includes('+cluster:')));
	} catch (error) {
		const [found, cure] =
			error instanceof Unusable ? [error.found, error.cure] : [failureReason(error), cureOf('Redis', error)];
		return [fail('redis', found, `${cure} (${hidePasswords(url)})`)];
	}
};
