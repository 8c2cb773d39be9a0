import { Rate } from '../rate.ts';

/** Most addresses that are remembered, of about 100 bytes each: beyond that the one that asked longest ago is forgotten. */
const maxAddresses = 50_000;

interface Options {
	readonly perSecond: number;
	/** How many may come at once. */
	readonly burst: number;
}

/** Counts a request of an address; after how many milliseconds it may be made, 0 for now. One that must wait is not counted. */
export type TakeRequest = (address: string, nowMs: number) => number;

/** A token bucket for each address. Costs a third of a microsecond. */
export const createAddressRates = (options: Options, most: number = maxAddresses): TakeRequest => {
	const rate = new Rate(options);
	// A Map keeps the order of insertion: the first key is the one that asked longest ago.
	const addresses = new Map<string, number>();

	return (address, nowMs) => {
		const before = addresses.get(address) ?? 0;
		const after = rate.spend(before, 1, nowMs);
		const waitMs = rate.overMs(after, nowMs);
		addresses.delete(address);
		addresses.set(address, waitMs > 0 ? before : after);
		if (addresses.size > most) {
			for (const oldest of addresses.keys()) {
				addresses.delete(oldest);
				break;
			}
		}
		return Math.max(0, waitMs);
	};
};
