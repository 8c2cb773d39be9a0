import { now } from './clock.ts';

interface Pace {
	/** A second; 0: as fast as it goes. */
	readonly rate: number;
	readonly mostUnderWay: number;
}

/** Starts so many things, in order, at a rate and with no more of them under way than told. Each calls `done` once at least. */
export const startInTurn = (
	count: number,
	{ rate, mostUnderWay }: Pace,
	start: (index: number, done: () => void) => void,
): void => {
	const began = now();
	let begun = 0;
	let underWay = 0;
	let timer: NodeJS.Timeout | undefined;

	const next = () => {
		const due = rate === 0 ? count : Math.min(count, Math.floor(((now() - began) / 1e6) * rate) + 1);
		while (begun < due && underWay < mostUnderWay) {
			let waiting = true;
			underWay += 1;
			begun += 1;
			start(begun - 1, () => {
				if (!waiting) return;
				waiting = false;
				underWay -= 1;
				if (timer === undefined) next();
			});
		}
		if (begun < count && underWay < mostUnderWay) {
			timer = setTimeout(() => {
				timer = undefined;
				next();
			}, 1);
		}
	};
	next();
};
