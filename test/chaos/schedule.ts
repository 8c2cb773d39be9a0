import { type Random, randomFrom } from './random.ts';

const modules = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'] as const;
export type ModuleName = (typeof modules)[number];

/** What can be done to a cluster. */
export type FaultKind =
	| `kill ${ModuleName}`
	| 'hang logic'
	| 'hang task'
	| 'hang connect-ws'
	| 'hang connect-tcp'
	| 'redis killed'
	| 'redis stopped'
	| 'etcd stopped'
	| 'store stalled'
	| 'network cut'
	| 'network delayed'
	| 'reader stops'
	| 'rolling restart';

export interface Fault {
	/** Seconds after the load began. */
	readonly at: number;
	readonly kind: FaultKind;
	/** Which of the two instances, where that matters. */
	readonly index: 0 | 1;
	/** How long it lasts, in milliseconds. */
	readonly holdMs: number;
	/** What is done besides, from a little later on. */
	readonly beside?: Fault;
}

interface Plan {
	readonly kind: FaultKind;
	/** Bounds of `holdMs`: of the short form, and of all others. */
	readonly brief: readonly [number, number];
	readonly full: readonly [number, number];
	/** What it takes besides, until everything is as before: in milliseconds. */
	readonly besidesMs: number;
}

const restartMs = 5000;
const plans: readonly Plan[] = [
	...modules.map(
		(module): Plan => ({ kind: `kill ${module}`, brief: [200, 1500], full: [200, 4000], besidesMs: restartMs }),
	),
	...(['logic', 'task', 'connect-ws', 'connect-tcp'] as const).map(
		(module): Plan => ({ kind: `hang ${module}`, brief: [5000, 5000], full: [10_000, 10_000], besidesMs: 2000 }),
	),
	{ kind: 'redis killed', brief: [200, 1500], full: [200, 4000], besidesMs: 3000 },
	{ kind: 'redis stopped', brief: [5000, 5000], full: [20_000, 20_000], besidesMs: 3000 },
	// The lease is 2 s.
	{ kind: 'etcd stopped', brief: [4500, 4500], full: [8000, 12_000], besidesMs: 2000 },
	{ kind: 'store stalled', brief: [2000, 3000], full: [3000, 8000], besidesMs: 2000 },
	{ kind: 'network cut', brief: [500, 2000], full: [500, 5000], besidesMs: 2000 },
	{ kind: 'network delayed', brief: [2000, 3000], full: [3000, 8000], besidesMs: 2000 },
	{ kind: 'reader stops', brief: [3000, 4000], full: [5000, 10_000], besidesMs: 3000 },
	{ kind: 'rolling restart', brief: [0, 0], full: [0, 0], besidesMs: 30_000 },
];

export const faultKinds: readonly FaultKind[] = plans.map(({ kind }) => kind);

/** No send may fail meanwhile, which is asked of nothing else. */
const neverBeside: FaultKind = 'rolling restart';

/** Before the first fault, and after the last: in seconds. */
const calm = 3;

/**
 * The faults of a run: the same ones for the same seed and length. Each kind comes by itself before any comes again; in a short run
 * only so many as there is time for, others for other seeds. After that they come two at a time. `only` leaves out all kinds but these.
 */
export const scheduleOf = (seed: number, seconds: number, only: readonly FaultKind[] = faultKinds): Fault[] => {
	const random = randomFrom(seed);
	const brief = seconds < 120;
	const chosen = plans.filter(({ kind }) => only.includes(kind));
	const faults: Fault[] = [];
	let at = calm;
	/** Whether there is time for it. */
	const add = (plan: Plan, other?: Plan): boolean => {
		const fault = faultOf(plan, random, { at, brief });
		const beside = other && faultOf(other, random, { at: at + random.between(0, 20) / 10, brief });
		const end = Math.max(endOf(fault, plan), other && beside ? endOf(beside, other) : 0);
		if (end > seconds - calm) return false;
		faults.push(beside ? { ...fault, beside } : fault);
		at = end + random.between(0, 2);
		return true;
	};
	for (const plan of random.shuffled(chosen)) add(plan);
	for (let added = true; added; ) {
		added = false;
		for (const [plan, other] of pairsOf(random.shuffled(chosen))) added = add(plan, other) || added;
	}
	return faults;
};

/** What is done at a time. */
const pairsOf = (bag: readonly Plan[]): (readonly [Plan, Plan | undefined])[] => {
	const single = bag.filter(({ kind }) => kind === neverBeside);
	const others = bag.filter(({ kind }) => kind !== neverBeside);
	const half = Math.ceil(others.length / 2);
	return [
		...single.map((plan) => [plan, undefined] as const),
		...others.slice(0, half).map((plan, index) => [plan, others[half + index]] as const),
	];
};

const endOf = ({ at, holdMs }: Fault, { besidesMs }: Plan): number => at + (holdMs + besidesMs) / 1000;

const faultOf = (plan: Plan, random: Random, { at, brief }: { at: number; brief: boolean }): Fault => {
	const [low, high] = brief ? plan.brief : plan.full;
	return {
		at: Math.round(at * 10) / 10,
		kind: plan.kind,
		index: random.between(0, 1) as 0 | 1,
		holdMs: random.between(low, high),
	};
};

const nameOf = ({ kind, index, holdMs }: Fault): string =>
	`${kind}${/^(kill|hang|network)/.test(kind) ? ` ${index}` : ''}${holdMs > 0 ? ` for ${holdMs} ms` : ''}`;

/** What is done to what, and for how long. */
export const faultName = (fault: Fault): string => {
	const { at, beside } = fault;
	return beside === undefined
		? nameOf(fault)
		: `${nameOf(fault)}, and ${(beside.at - at).toFixed(1)} s later ${nameOf(beside)}`;
};

/** A line of the schedule. */
export const faultText = (fault: Fault): string => `${fault.at.toFixed(1).padStart(6)} s  ${faultName(fault)}`;
