import { type Random, randomOf } from './inputs/random.ts';
import type { World } from './inputs/world.ts';

/** Where the borders are. */
export interface Target {
	readonly apiPort: number;
	readonly sitePort: number;
	readonly wsPort: number;
	readonly tcpPort: number;
	readonly logicRpcPort: number;
	readonly connectRpcPorts: readonly number[];
	readonly rpcSecret: string;
	readonly redisUrl: string;
}

/** One input: all that is random about it comes from the seed, the border and its number. */
export interface Input {
	readonly index: number;
	readonly random: Random;
}

export interface Campaign {
	readonly target: Target;
	readonly world: World;
	/** The border's next inputs; none when it has sent its share. */
	take(most: number): Input[];
	/** False when a process has ended: then nothing is answered any more. */
	alive(): boolean;
	/** What must not happen. The same text counts once. */
	fault(what: string, input: Input | undefined, sample?: string | Buffer): void;
}

/** One border: how inputs get to it. Each lane sends one after the other until `take` gives none. */
export interface Border {
	readonly name: string;
	/** Its part of the inputs. */
	readonly share: number;
	readonly lanes: number;
	lane(campaign: Campaign, lane: number): Promise<void>;
}

export interface Plan {
	readonly seed: number;
	/** Ends after so long; without it each border ends after its share. */
	readonly minutes: number | undefined;
	/** Names of borders; all if undefined. */
	readonly only: readonly string[] | undefined;
}

/** What the environment asks for: FUZZ_SEED, FUZZ_MINUTES, FUZZ_ONLY (names with commas between). */
export const planOf = ({ FUZZ_SEED: seed, FUZZ_MINUTES: minutes, FUZZ_ONLY: only }: NodeJS.ProcessEnv): Plan => ({
	seed: Number(seed ?? Math.floor(Math.random() * 1e9)),
	minutes: minutes === undefined ? undefined : Number(minutes),
	only: only?.split(','),
});

/** A border that has not sent its share by then has met something that hangs. */
const longestMinutes = 4;

export interface Result {
	/** Inputs sent, by border. */
	readonly sent: ReadonlyMap<string, number>;
	/** What must not happen and did: the first input of each, and how often. */
	readonly faults: readonly string[];
}

/** Sends the inputs of all borders side by side. `alive` ends it early when it turns false. */
export const runCampaign = async (
	borders: readonly Border[],
	plan: Plan,
	{ target, worldOf, alive }: { target: Target; worldOf: (border: string) => World; alive: () => boolean },
): Promise<Result> => {
	const until = performance.now() + (plan.minutes ?? longestMinutes) * 60_000;
	const sent = new Map<string, number>();
	const faults = new Map<string, { first: string; count: number }>();

	const campaignOf = ({ name, share }: Border): Campaign => {
		const end = plan.minutes === undefined ? share : Number.POSITIVE_INFINITY;
		return {
			target,
			world: worldOf(name),
			alive,
			take: (most) => {
				const from = sent.get(name) ?? 0;
				const count = performance.now() > until || !alive() ? 0 : Math.min(most, end - from);
				sent.set(name, from + count);
				return Array.from({ length: count }, (_, at) => {
					const index = from + at;
					return { index, random: randomOf(`${plan.seed}:${name}:${index}`) };
				});
			},
			fault: (what, input, sample = '') => {
				const key = `${name}: ${what}`;
				const shown = JSON.stringify(sample.toString().slice(0, 600));
				const first = `${key} (input ${input?.index ?? '?'} of seed ${plan.seed}) ${shown}`;
				const known = faults.get(key);
				if (known === undefined) faults.set(key, { first, count: 1 });
				else known.count += 1;
			},
		};
	};

	const chosen = borders.filter(({ name }) => plan.only?.includes(name) ?? true);
	await Promise.all(
		chosen.flatMap((border) => {
			const campaign = campaignOf(border);
			return Array.from({ length: border.lanes }, (_, lane) => border.lane(campaign, lane));
		}),
	);
	return { sent, faults: Array.from(faults.values(), ({ first, count }) => `${count} × ${first}`) };
};
