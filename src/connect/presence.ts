import type { RpcClient } from '../ports/rpc.ts';
import type { Logger } from '../runtime/logger.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly intervalMs: number;
	readonly logger: Logger;
}

const roomsPerCall = 1000;

/**
 * Has logic tell rooms who came and went: the first change of a quiet room at once, then one telling an interval,
 * with everything that changed in it.
 */
export class Presence {
	readonly #options: Options;
	readonly #changed = new Set<number>();
	/** Rooms that were told in the running interval. */
	#told = new Set<number>();
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** The members of these rooms changed, and the route directory knows. */
	changed(roomIds: Iterable<number>): void {
		const now: number[] = [];
		for (const roomId of roomIds) {
			if (this.#told.has(roomId)) this.#changed.add(roomId);
			else {
				this.#told.add(roomId);
				now.push(roomId);
			}
		}
		this.#tell(now);
		this.#plan();
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	#plan(): void {
		if (this.#timer !== undefined || this.#stopped || this.#told.size === 0) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			const rooms = [...this.#changed];
			this.#changed.clear();
			this.#told = new Set(rooms);
			this.#tell(rooms);
			this.#plan();
		}, this.#options.intervalMs);
	}

	#tell(rooms: readonly number[]): void {
		for (let start = 0; start < rooms.length && !this.#stopped; start += roomsPerCall) {
			const roomIds = rooms.slice(start, start + roomsPerCall);
			this.#options.rpc.call('logic.membersChanged', { roomIds }).catch((error: unknown) => {
				this.#options.logger.debug({ err: error }, 'rooms not told of their members');
				for (const roomId of roomIds) {
					this.#changed.add(roomId);
					this.#told.add(roomId);
				}
				this.#plan();
			});
		}
	}
}
