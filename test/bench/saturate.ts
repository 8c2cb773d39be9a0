export interface Tried {
	readonly rate: number;
	readonly held: boolean;
}

const raise = 1.5;
const lower = 4;
const lowestRate = 1;
const halvings = 3;

/**
 * Finds the highest rate that is held: half as much again until one is not, and then three times the middle between what was held and
 * what was not, which tells it to 6 %. A rate that is not held is tried again, since other work on the machine may have been the
 * reason. Gives what was measured at that rate; where even one a second is not held, that, with `held` false.
 */
export const saturate = async <T extends Tried>(
	measure: (rate: number) => Promise<T>,
	{ start }: { readonly start: number },
): Promise<T> => {
	const measured = async (rate: number): Promise<T> => {
		const first = await measure(rate);
		return first.held ? first : measure(rate);
	};

	let best = await measured(start);
	while (!best.held && best.rate > lowestRate) best = await measured(Math.max(lowestRate, best.rate / lower));
	if (!best.held) return best;

	let next = await measured(best.rate * raise);
	while (next.held) {
		best = next;
		next = await measured(best.rate * raise);
	}
	let notHeld = next.rate;
	for (let halving = 0; halving < halvings; halving += 1) {
		const middle = await measured((best.rate + notHeld) / 2);
		if (middle.held) best = middle;
		else notHeld = middle.rate;
	}
	return best;
};
