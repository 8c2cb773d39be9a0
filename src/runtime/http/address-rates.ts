import { Rate } from '../rate.ts';

/** Most addresses that are remembered, of about 100 bytes each: beyond that the one that asked longest ago is forgotten. */
const maxAddresses = 50_000;

interface Options {
	readonly perSecond: number;
	/** How many may come at once. */
	readonly burst: number;
}

export interface AddressRates {
	/** Counts a request of an address; after how many milliseconds it may be made, 0 for now. One that must wait is not counted. */
	take(address: string, nowMs: number): number;
	/** Adds what a request has cost besides, as so many more, once that is known: later ones wait for it. */
	spend(address: string, requests: number, nowMs: number): void;
}

/** A token bucket for each address. Costs a third of a microsecond. */
export const createAddressRates = (options: Options, most: number = maxAddresses): AddressRates => {
	const rate = new Rate(options);
	// A Map keeps the order of insertion: the first key is the one that asked longest ago.
	const addresses = new Map<string, number>();

	const keep = (address: string, until: number): void => {
		addresses.delete(address);
		addresses.set(address, until);
		if (addresses.size <= most) return;
		for (const oldest of addresses.keys()) {
			addresses.delete(oldest);
			break;
		}
	};

	return {
		take: (address, nowMs) => {
			const before = addresses.get(address) ?? 0;
			const after = rate.spend(before, 1, nowMs);
			const waitMs = rate.overMs(after, nowMs);
			keep(address, waitMs > 0 ? before : after);
			return Math.max(0, waitMs);
		},
		spend: (address, requests, nowMs) => keep(address, rate.spend(addresses.get(address) ?? 0, requests, nowMs)),
	};
};
