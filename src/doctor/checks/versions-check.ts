import { version } from '../../runtime/package-info.ts';
import { type Check, isNeeded } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** From the first version that is supported (engines in package.json) to the last one that was tested. */
const oldest = [20, 19];
const newestMajor = 24;

/** The version of Node.js, beside those that are supported. */
export const nodeFinding = (running: string): Finding => {
	const [major = 0, minor = 0] = running.split('.').map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = oldest;
	const found = `Node.js ${running}`;
	const remedy = `use Node.js ${oldest.join('.')} to ${newestMajor}`;
	if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) return fail('node', found, remedy);
	return major > newestMajor ? warn('node', `${found}, which was not tested`, remedy) : ok('node', found);
};

/** Node.js, and whether what runs in the cluster is of one version. */
export const checkVersions: Check = async (examination) => {
	const node = nodeFinding(process.versions.node);
	if (!isNeeded(examination, 'etcd')) return [node, ok('version', `tschat ${version}`)];
	const { instances, hosts } = await examination.probes.etcd();
	if (hosts.every((host) => 'failure' in host)) return [node, ok('version', `tschat ${version}`)];
	if (instances.length === 0) return [node, ok('version', `tschat ${version}; no module is registered`)];
	const counts = new Map<string, number>();
	for (const { service } of instances) counts.set(service, (counts.get(service) ?? 0) + 1);
	const running = [...counts].map(([service, count]) => `${count} ${service}`).join(', ');
	const others = new Set(instances.map((instance) => instance.version).filter((other) => other !== version));
	if (others.size === 0) return [node, ok('version', `tschat ${version}, as all that run: ${running}`)];
	const found = `tschat ${version}, but ${[...others].join(', ')} runs too (${running})`;
	return [node, warn('version', found, 'finish the upgrade: restart the others with one version')];
};
