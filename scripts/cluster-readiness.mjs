// Whether a process of the cluster can do its work.
import { readFileSync } from 'node:fs';
import { isAlive } from './cluster-process.mjs';
import { accepts } from './cluster-servers.mjs';

const ask = async (url) => {
	try {
		return await fetch(url, { signal: AbortSignal.timeout(3000) });
	} catch {
		return undefined;
	}
};

/** The admin server's address: a module process prints it in its line "tschat … ready in …". */
export const adminIn = (log) => {
	try {
		return /^tschat .* ready in .* admin (http:\S+)$/m.exec(readFileSync(log, 'utf8'))?.[1];
	} catch {
		return undefined;
	}
};

const moduleReadiness = async ({ admin }) => {
	if (admin === undefined) return 'starting';
	const response = await ask(`${admin}/readyz`);
	if (response === undefined) return 'no answer';
	if (response.ok) return undefined;
	const { missing } = await response.json();
	return Object.values(missing).flat().join(', ');
};

const serverReadiness = async ({ name, addresses: [address] }) => {
	const ready = name === 'etcd' ? (await ask(`${address}/health`))?.ok === true : await accepts(address);
	return ready ? undefined : 'no answer';
};

/** `{ state, missing }`: state is "ready", "not ready" or "dead"; `missing` says why it is not ready. */
export const readiness = async (entry) => {
	if (!isAlive(entry)) return { state: 'dead' };
	const missing = await (entry.module === undefined ? serverReadiness(entry) : moduleReadiness(entry));
	return missing === undefined ? { state: 'ready' } : { state: 'not ready', missing };
};
