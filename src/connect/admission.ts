import type { Config } from '../runtime/config-schema.ts';
import { Rate } from '../runtime/rate.ts';
import type { Channel } from './channel.ts';
import { Recent } from './recent.ts';
import type { CountRefusal, LimitName } from './refusals.ts';

interface Options {
	readonly limits: Config['limits'];
	/** Most connections of the process: what the settings say, or what its files leave. */
	readonly mostConnections: number;
	/** Share of the process's memory that is used, from 0 to 1. */
	readonly memoryShare: () => number;
	readonly refused: CountRefusal;
}

/** Why a connection is not taken, as HTTP says it. */
export interface Refusal {
	readonly limit: LimitName;
	/** 429: this client has too many. 503: the process has. */
	readonly status: 429 | 503;
	readonly retryAfterSeconds: number;
}

/** What one client address has, and how much of its rate is used. */
export interface ClientAddress {
	connections: number;
	unauthenticated: number;
	/** Connections that are not served yet; not among the others. */
	arriving: number;
	/** Its attempts, as `Rate` keeps them. */
	attemptsUntil: number;
}

const newAddress = (): ClientAddress => ({ connections: 0, unauthenticated: 0, arriving: 0, attemptsUntil: 0 });

const isIdle = ({ connections, arriving, attemptsUntil }: ClientAddress): boolean =>
	connections + arriving === 0 && attemptsUntil <= performance.now();

/** Attempts above its rate that an address gets an answer to; beyond them its connections are cut. */
const answeredAttempts = 100;
const fullSeconds = 5;
const addressSeconds = 10;

/** All gateways of a process share its file handles and its memory. */
const ofProcess = { connections: 0, arriving: 0 };

/** So many more connections than are served may be there, so that most of those that are refused are told why. */
export const beyondServed = 256;

/** Decides which connections are taken. */
export class Admission {
	readonly #limits: Config['limits'];
	readonly #options: Options;
	readonly #addresses = new Recent<string, ClientAddress>(isIdle);
	/** Of the attempts of an address. */
	readonly #attempts: Rate;
	#unauthenticated = 0;
	#arriving = 0;

	constructor(options: Options) {
		this.#options = options;
		this.#limits = options.limits;
		this.#attempts = new Rate({
			perSecond: options.limits.connections_per_address_second,
			burst: options.limits.connections_per_address,
		});
	}

	/** A client begins to connect. False when it does so too often to be answered even with a refusal. */
	knock(client: string | undefined): boolean {
		if (client === undefined) return true;
		const address = this.#addresses.of(client, newAddress);
		const now = performance.now();
		if (this.#attempts.overMs(address.attemptsUntil, now) > answeredAttempts * this.#attempts.itemMs) {
			this.#options.refused('connections_per_address_second');
			return false;
		}
		address.attemptsUntil = this.#attempts.spend(address.attemptsUntil, 1, now);
		return true;
	}

	/**
	 * A connection has come that is not served yet, and counts until `arrivalEnded`. False when there are too many of them, or the
	 * client comes too often: it gets no answer then.
	 */
	arrived(client: string | undefined): boolean {
		if (!this.knock(client)) return false;
		const address = client === undefined ? undefined : this.#addresses.of(client, newAddress);
		const limit = this.#arrivalLimit(address);
		if (limit !== undefined) {
			this.#options.refused(limit);
			return false;
		}
		ofProcess.arriving += 1;
		this.#arriving += 1;
		if (address !== undefined) address.arriving += 1;
		return true;
	}

	/** It is served now, or has closed. */
	arrivalEnded(client: string | undefined): void {
		ofProcess.arriving -= 1;
		this.#arriving -= 1;
		if (client !== undefined) this.#addresses.of(client, newAddress).arriving -= 1;
	}

	/** Undefined when the client may connect now; a refusal is counted. */
	refusal(client: string | undefined): Refusal | undefined {
		const refusal = this.#processRefusal() ?? (client === undefined ? undefined : this.#addressRefusal(client));
		if (refusal !== undefined) this.#options.refused(refusal.limit);
		return refusal;
	}

	/** Counts a connection that is open now, for the client that limits count it for. */
	opened(channel: Channel, client: string | undefined): void {
		ofProcess.connections += 1;
		this.#unauthenticated += 1;
		if (client === undefined) return;
		const address = this.#addresses.of(client, newAddress);
		address.connections += 1;
		address.unauthenticated += 1;
		channel.address = address;
	}

	/** Before it gets its identity. */
	authenticated(channel: Channel): void {
		if (channel.identity !== undefined) return;
		this.#unauthenticated -= 1;
		if (channel.address !== undefined) channel.address.unauthenticated -= 1;
	}

	/** Its socket has closed. */
	gone(channel: Channel): void {
		this.authenticated(channel);
		ofProcess.connections -= 1;
		if (channel.address !== undefined) channel.address.connections -= 1;
	}

	#arrivalLimit(address: ClientAddress | undefined): LimitName | undefined {
		const { connections_unauthenticated: most, connections_unauthenticated_per_address: mostOfAddress } = this.#limits;
		const sockets = ofProcess.connections + ofProcess.arriving;
		if (sockets >= this.#options.mostConnections + beyondServed) return 'connections_total';
		if (this.#arriving >= most) return 'connections_unauthenticated';
		if (address !== undefined && address.arriving >= mostOfAddress) return 'connections_unauthenticated_per_address';
		return undefined;
	}

	#processRefusal(): Refusal | undefined {
		const { connections_memory_percent, connections_unauthenticated } = this.#limits;
		const full = (limit: LimitName): Refusal => ({ limit, status: 503, retryAfterSeconds: fullSeconds });
		if (ofProcess.connections >= this.#options.mostConnections) return full('connections_total');
		if (this.#options.memoryShare() * 100 >= connections_memory_percent) return full('connections_memory_percent');
		if (this.#unauthenticated >= connections_unauthenticated) return full('connections_unauthenticated');
		return undefined;
	}

	#addressRefusal(client: string): Refusal | undefined {
		const address = this.#addresses.of(client, newAddress);
		const tooMany = (limit: LimitName, retryAfterSeconds = addressSeconds): Refusal => ({
			limit,
			status: 429,
			retryAfterSeconds,
		});
		const overMs = this.#attempts.overMs(address.attemptsUntil, performance.now());
		if (overMs > 0) return tooMany('connections_per_address_second', Math.ceil(overMs / 1000));
		if (address.connections >= this.#limits.connections_per_address) return tooMany('connections_per_address');
		if (address.unauthenticated >= this.#limits.connections_unauthenticated_per_address) {
			return tooMany('connections_unauthenticated_per_address');
		}
		return undefined;
	}
}
