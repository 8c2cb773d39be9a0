import type { ClusterStatus } from 'tschat/client';

/** A figure that may be unknown. */
export type Figure = number | null;

/** How the cluster is at this moment. */
interface PresentFigures {
	readonly connections: number;
	/** Rooms with readers, counted once for each connect server that holds any. */
	readonly rooms: number;
	/** Messages a second; null before the first sample. */
	readonly accepted: Figure;
	/** Messages a second, each reader counted; null before the first sample. */
	readonly delivered: Figure;
	/** Items; null when the queue does not answer. */
	readonly queue: Figure;
}

const total = (figures: readonly Figure[]): number => figures.reduce<number>((sum, figure) => sum + (figure ?? 0), 0);

/** Connections and rooms are what the servers hold now, rates are those of the last sample. */
export const presentFigures = ({ modules, samples, queue, intervalMs }: ClusterStatus): PresentFigures => {
	const last = samples.at(-1);
	return {
		connections: total(modules.map(({ connections }) => connections)),
		rooms: total(modules.map(({ rooms }) => rooms)),
		accepted: last === undefined ? null : (last.accepted * 1000) / intervalMs,
		delivered: last === undefined ? null : (last.delivered * 1000) / intervalMs,
		queue,
	};
};

/** What is plotted: a value for each moment. */
export interface History {
	/** Seconds since 1970, rising. */
	readonly at: readonly number[];
	readonly connections: readonly Figure[];
	/** Messages a second. */
	readonly accepted: readonly Figure[];
	/** Messages a second. */
	readonly delivered: readonly Figure[];
	readonly queue: readonly Figure[];
}

type Sample = ClusterStatus['samples'][number];
type Moment = readonly [at: number, sample: Sample | null];

/** Between samples that are too far apart lies a moment of which nothing is known. */
const momentsOf = ({ samples, intervalMs }: ClusterStatus): readonly Moment[] =>
	samples.flatMap((sample, index): Moment[] => {
		const at = Date.parse(sample.at);
		const before = Date.parse(samples[index - 1]?.at ?? sample.at);
		const moment: Moment = [at / 1000, sample];
		return at - before > 1.5 * intervalMs ? [[(before + at) / 2000, null], moment] : [moment];
	});

/** The samples, one list for each figure. */
export const historyOf = (status: ClusterStatus): History => {
	const moments = momentsOf(status);
	const list = (figure: (sample: Sample) => Figure) =>
		moments.map(([, sample]) => (sample === null ? null : figure(sample)));
	const perSecond = 1000 / status.intervalMs;
	return {
		at: moments.map(([at]) => at),
		connections: list(({ connections }) => connections),
		accepted: list(({ accepted }) => accepted * perSecond),
		delivered: list(({ delivered }) => delivered * perSecond),
		queue: list(({ queue }) => queue),
	};
};

interface Extremes {
	readonly last: Figure;
	readonly highest: Figure;
	readonly lowest: Figure;
}

/** What a plot shows, in three figures; null where nothing is known. */
export const extremesOf = (figures: readonly Figure[]): Extremes => {
	const known = figures.filter((figure) => figure !== null);
	return {
		last: figures.at(-1) ?? null,
		highest: known.length === 0 ? null : Math.max(...known),
		lowest: known.length === 0 ? null : Math.min(...known),
	};
};

export type Module = ClusterStatus['modules'][number];

/** In the way of a message. */
const order = ['api', 'logic', 'task', 'connect-ws', 'connect-tcp', 'site'];
const rank = (service: string): number => (order.includes(service) ? order.indexOf(service) : order.length);

/** The modules of each service; servers by their ids, so that a row stays where it is. */
export const byService = (modules: readonly Module[]): readonly (readonly [service: string, modules: Module[]])[] => {
	const services = new Map<string, Module[]>();
	for (const module of modules) services.set(module.service, [...(services.get(module.service) ?? []), module]);
	for (const servers of services.values()) servers.sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
	return [...services].sort(([a], [b]) => rank(a) - rank(b));
};
