import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEtcd } from '../../support/etcd.ts';
import { freePort, startProcess } from '../../support/processes.ts';
import { startRedis } from '../../support/redis.ts';
import { build, etcdArgs, newStoreUrl } from './tschat-settings.ts';

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** How long a start took, in milliseconds since the process was spawned. */
export interface StartTime {
	/** Until it said on stdout that it is ready. */
	readonly readyMs: number;
	/** Until `/readyz` answered that it is: asked every 10 ms. */
	readonly answerMs: number;
}

interface Started extends StartTime {
	stop(): Promise<void>;
}

type Settings = Readonly<Record<string, string | number>>;

const isReady = (url: string): Promise<boolean> =>
	new Promise((resolve) => {
		get(url, { agent: false }, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		}).once('error', () => resolve(false));
	});

/** Starts tschat with these arguments and settings, all others as they are by default. Rejects, and ends it, when it is not ready within 20 s. */
export const timeToReady = async (args: readonly string[], settings: Settings): Promise<Started> => {
	const port = await freePort();
	const all = Object.entries({ ...settings, 'admin.port': port }).flatMap(([key, value]) => [
		'--set',
		`${key}=${value}`,
	]);
	const start = performance.now();
	const server = startProcess('node', [main, ...args, ...all]);
	const sinceStart = () => performance.now() - start;
	let waiting = true;
	const answered = async (): Promise<number> => {
		while (waiting) {
			if (await isReady(`http://127.0.0.1:${port}/readyz`)) return sinceStart();
			if (sinceStart() > 20_000) throw new Error(`no good answer in time\n${server.output()}`);
			await pause(10);
		}
		return 0;
	};
	try {
		const [readyMs, answerMs] = await Promise.all([server.outputMatching(/ready in/).then(sinceStart), answered()]);
		return { readyMs, answerMs, stop: server.stop };
	} catch (error) {
		waiting = false;
		await server.stop({ signal: 'SIGKILL' });
		throw error;
	}
};

const freePorts = (): Promise<[number, number, number, number, number]> =>
	Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);

const listening = ([site, api, ws, tcp1, tcp2]: readonly number[]): Settings => ({
	'site.port': site ?? 0,
	'api.port': api ?? 0,
	'connect_ws.port': ws ?? 0,
	'connect_tcp.ports': `${tcp1},${tcp2}`,
});

/** How long the start in one process takes: the first one, which makes its store, and one that finds it. */
export const embeddedStarts = async (
	folder: string,
): Promise<{ readonly first: StartTime; readonly later: StartTime }> => {
	build();
	const settings = { ...listening(await freePorts()), 'store.url': newStoreUrl(folder, 'start') };
	const time = async (): Promise<StartTime> => {
		const { stop, ...times } = await timeToReady([], settings);
		await stop();
		return times;
	};
	return { first: await time(), later: await time() };
};

/** In this order each finds those that it needs. */
const modules = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'] as const;

/** How long each module takes to start in a cluster, one after the other, on a Redis and an etcd of its own. */
export const clusterStarts = async (folder: string): Promise<readonly (StartTime & { readonly name: string })[]> => {
	build();
	const [redis, etcd, ports] = await Promise.all([startRedis(), startEtcd({ args: etcdArgs }), freePorts()]);
	const settings = {
		...listening(ports),
		'redis.url': redis.url,
		'etcd.hosts': etcd.url,
		'store.url': newStoreUrl(folder, 'start'),
	};
	const started: (Started & { readonly name: string })[] = [];
	try {
		for (const name of modules) started.push({ name, ...(await timeToReady(['--module', name], settings)) });
		return started.map(({ name, readyMs, answerMs }) => ({ name, readyMs, answerMs }));
	} finally {
		for (const { stop } of started.toReversed()) await stop();
		await Promise.all([redis.stop(), etcd.stop()]);
	}
};
