import { readdirSync } from 'node:fs';
import type { Cluster } from '../support/cluster.ts';

const modules = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'];

export interface Health {
	/** By the process's name. */
	readonly pids: ReadonlyMap<string, number>;
	readonly handles: ReadonlyMap<string, number>;
}

export const nodesOf = (cluster: Cluster) => modules.flatMap((module) => cluster.nodes(module));

/** Of every process now. Throws when one is gone. */
export const healthOf = (cluster: Cluster): Health => {
	const nodes = nodesOf(cluster).map(({ name, process: { pid } }) => ({ name, pid }));
	return {
		pids: new Map(nodes.map(({ name, pid }) => [name, pid])),
		handles: new Map(nodes.map(({ name, pid }) => [name, readdirSync(`/proc/${pid}/fd`).length])),
	};
};

/** The names of processes that end, as they end. */
export const watchEnds = (cluster: Cluster): { readonly ended: readonly string[] } => {
	const ended: string[] = [];
	for (const { name, process } of nodesOf(cluster)) {
		void process.exited.then((code) => ended.push(`${name} ended with ${code}: ${process.output().slice(-3000)}`));
	}
	return { ended };
};

/** Errors of JavaScript itself, at whatever level they are logged; `ws` uses one for frames that break its protocol. */
const isBug = (line: string): boolean =>
	/"type":"(Range|Type|Reference|Syntax)Error"/.test(line) && !line.includes('"code":"WS_ERR_');

/** What the processes logged as errors, without those that are `expected`: each text once, with how often. */
export const loggedErrors = (cluster: Cluster, expected: RegExp): string[] => {
	const counts = new Map<string, number>();
	for (const { name, process } of nodesOf(cluster)) {
		for (const line of process.output().split('\n')) {
			const isError = /"level":[56]0/.test(line) && !expected.test(line);
			if (!isError && !isBug(line)) continue;
			const what = `${name}: ${/"msg":"[^"]*"/.exec(line)?.[0]} ${/"stack":"[^"]{0,600}/.exec(line)?.[0] ?? line.slice(0, 300)}`;
			counts.set(what, (counts.get(what) ?? 0) + 1);
		}
	}
	return Array.from(counts, ([what, count]) => `${count} × ${what}`);
};

/** What a process says of one of its metrics; 0 when it says nothing. */
export const metricOf = async (cluster: Cluster, module: string, name: string): Promise<number> => {
	const admin = /admin (\S+?)[,\s]/.exec(cluster.nodes(module)[0]?.process.output() ?? '')?.[1];
	const text = await (await fetch(`${admin}/metrics`)).text();
	return Number(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
};

/** How often each process logged each text, for whoever looks for the cause of something. */
export const loggedTexts = (cluster: Cluster): string =>
	nodesOf(cluster)
		.flatMap(({ name, process }) => {
			const counts = new Map<string, number>();
			for (const line of process.output().split('\n')) {
				const [, text] = /"msg":"([^"]*)"/.exec(line) ?? [];
				if (text === undefined) continue;
				const [, why = ''] = /"message":"([^"]*)"/.exec(line) ?? [];
				const key = `${text} ${why.slice(0, 100)}`;
				counts.set(key, (counts.get(key) ?? 0) + 1);
			}
			return Array.from(counts, ([text, count]) => `  ${name}: ${count} × ${text}`);
		})
		.join('\n');
