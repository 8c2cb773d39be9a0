import type { Delivery } from './decode.ts';
import type { HeldBatch } from './intake.ts';

const maxCallItems = 1000;
const maxCallBytes = 1_048_576;
const maxWaitingItems = 20_000;
const maxWaitingBytes = 16 * maxCallBytes;

/** What one batch of the queue holds for one server, at most as much as goes into one call. */
export interface Part {
	readonly deliveries: readonly Delivery[];
	/** Lets go of the batch; only the first call counts. */
	release(): void;
}

interface WaitingPart extends Part {
	readonly bytes: number;
	readonly since: number;
}

export interface Parts {
	/** How many deliveries wait. */
	readonly items: number;
	/** Appends deliveries. Holds the batch, if there is one, until they are released. */
	add(deliveries: readonly Delivery[], batch: HeldBatch | undefined): void;
	/** The next parts that fit into one call; none when nothing waits. Gives up what is too old. */
	take(): readonly Part[];
	/** Back to the front: what was taken and not accepted. */
	putBack(taken: readonly Part[]): void;
	countGivenUp(parts: readonly Part[]): void;
	/** How many deliveries were given up since this was last asked. */
	takeGivenUp(): number;
	releaseAll(): void;
}

/** The bounded line of what waits for one server: the oldest are given up when it grows too long or they too old. */
export const createParts = (maxAgeMs: number, onGivenUp: (deliveries: number) => void = () => {}): Parts => {
	let waiting: WaitingPart[] = [];
	let items = 0;
	let bytes = 0;
	let givenUp = 0;

	const count = (part: WaitingPart, sign: 1 | -1) => {
		items += sign * part.deliveries.length;
		bytes += sign * part.bytes;
	};

	const giveUp = (part: Part) => {
		givenUp += part.deliveries.length;
		onGivenUp(part.deliveries.length);
	};

	const giveUpWhile = (unwanted: (part: WaitingPart) => boolean) => {
		let index = 0;
		for (let part = waiting[0]; part !== undefined && unwanted(part); part = waiting[index]) {
			part.release();
			count(part, -1);
			giveUp(part);
			index += 1;
		}
		if (index > 0) waiting = waiting.slice(index);
	};

	const append = (deliveries: readonly Delivery[], partBytes: number, batch: HeldBatch | undefined) => {
		let held = batch;
		held?.hold();
		const release = () => {
			const holding = held;
			held = undefined;
			holding?.release();
		};
		const part: WaitingPart = { deliveries, bytes: partBytes, since: performance.now(), release };
		waiting.push(part);
		count(part, 1);
	};

	return {
		get items() {
			return items;
		},
		add: (deliveries, batch) => {
			let start = 0;
			let partBytes = 0;
			for (const [index, delivery] of deliveries.entries()) {
				const full = index - start === maxCallItems || partBytes + delivery.bytes > maxCallBytes;
				if (full && index > start) {
					append(deliveries.slice(start, index), partBytes, batch);
					start = index;
					partBytes = 0;
				}
				partBytes += delivery.bytes;
			}
			if (start < deliveries.length) append(start === 0 ? deliveries : deliveries.slice(start), partBytes, batch);
			giveUpWhile(() => items > maxWaitingItems || bytes > maxWaitingBytes);
		},
		take: () => {
			const oldest = performance.now() - maxAgeMs;
			giveUpWhile((part) => part.since < oldest);
			let end = 0;
			let takenItems = 0;
			let takenBytes = 0;
			for (const part of waiting) {
				takenItems += part.deliveries.length;
				takenBytes += part.bytes;
				if (end > 0 && (takenItems > maxCallItems || takenBytes > maxCallBytes)) break;
				count(part, -1);
				end += 1;
			}
			const taken = waiting.slice(0, end);
			waiting = waiting.slice(end);
			return taken;
		},
		putBack: (taken) => {
			for (const part of taken as readonly WaitingPart[]) count(part, 1);
			waiting = [...(taken as readonly WaitingPart[]), ...waiting];
		},
		countGivenUp: (parts) => {
			for (const part of parts) giveUp(part);
		},
		takeGivenUp: () => {
			const counted = givenUp;
			givenUp = 0;
			return counted;
		},
		releaseAll: () => {
			for (const part of waiting) part.release();
		},
	};
};
