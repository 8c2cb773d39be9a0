import { now } from './clock.ts';
import { dialects } from './dialects/all.ts';
import { Histogram } from './histogram.ts';
import { startInTurn } from './in-turn.ts';
import type { ReaderPlan } from './plan.ts';
import { Reader } from './reader.ts';
import { Returns, type Standing } from './returns.ts';
import { Tally } from './tally.ts';

interface Placed {
	readonly plan: ReaderPlan;
	readonly localAddress: string | undefined;
}

export interface Opening {
	readonly plans: readonly Placed[];
	/** A second; 0: as fast as it goes. */
	readonly rate: number;
	readonly mostUnderWay: number;
	/** They stay, but what they get is not counted. */
	readonly idle: boolean;
	/** Where those go, each in turn, whose server ends the connection; none: they stay away. */
	readonly returnTo: readonly string[];
}

export interface Opened {
	readonly errors: number;
	/** Why the first one failed. */
	readonly problem: string | undefined;
	/** From the first packet until it was in, in µs. */
	readonly times: Float64Array;
}

const tickMs = 250;

/** The SDK's. */
const patienceMicros = 15_000_000;

/** The connections of a reader process. */
export class Readers {
	readonly tally = new Tally();
	readonly #open = new Set<Reader>();
	readonly #returns = new Returns();

	constructor() {
		setInterval(() => this.#tick(), tickMs);
	}

	/** Resolves when each has been let in, or has failed. */
	connect(opening: Opening): Promise<Opened> {
		const { plans } = opening;
		const times = new Histogram();
		let settled = 0;
		let errors = 0;
		let problem: string | undefined;
		return new Promise((resolve) => {
			const settle = () => {
				settled += 1;
				if (settled >= plans.length) resolve({ errors, problem, times: times.counts });
			};
			if (plans.length === 0) settle();
			startInTurn(plans.length, opening, (index, done) => {
				const placed = plans[index];
				if (placed === undefined) return;
				const { answersAtOnce } = dialects[placed.plan.dialect];
				this.#start(placed, opening, {
					opened: () => {
						if (!answersAtOnce) done();
					},
					settled: (micros, why) => {
						if (why === undefined) times.add(micros);
						else errors += 1;
						problem ??= why;
						done();
						settle();
					},
				});
			});
		});
	}

	get standing(): Standing {
		return this.#returns.standing;
	}

	/** Counts anew what comes from now on, of messages that were due by then. */
	reset(): void {
		this.tally.reset(now());
		this.#returns.reset();
	}

	/** `settled` is called once: with how long it took, or with why it failed. */
	#start(
		{ plan, localAddress }: Placed,
		{ idle, returnTo }: Opening,
		events: { opened(): void; settled(micros: number, why: string | undefined): void },
	): void {
		let known = false;
		const reader = new Reader({
			plan,
			localAddress,
			tally: idle ? undefined : this.tally,
			positions: returnTo.length > 0,
			opened: events.opened,
			joined: () => {
				if (known) return this.#returns.back(reader);
				known = true;
				events.settled(now() - reader.openedAt, undefined);
			},
			closed: (why) => {
				if (!known || returnTo.length === 0) this.#open.delete(reader);
				if (known) return this.#returns.lost(reader, why, returnTo);
				known = true;
				events.settled(0, why);
			},
		});
		this.#open.add(reader);
		reader.open(plan.url);
	}

	#tick(): void {
		const at = now();
		for (const reader of this.#open) {
			reader.beat(at);
			if (!reader.isIn && at - reader.openedAt > patienceMicros) reader.close('not in within 15 s');
		}
	}
}
