import { cityHash64 } from 'cityhash';
import type { FeedKey } from '../protocol/logs.ts';
import type { Channel } from './channel.ts';
import { Room } from './room.ts';

/** A slice of a server's users: the piece of fan-out work after which the event loop gets its turn. */
export class Bucket {
	readonly #rooms = new Map<FeedKey, Room>();

	/** Adds a reader; the room that it is now in. */
	join(key: FeedKey, channel: Channel): Room {
		let room = this.#rooms.get(key);
		if (room === undefined) {
			room = new Room();
			this.#rooms.set(key, room);
		}
		room.add(channel);
		return room;
	}

	/** Takes a reader away; the room if that was its last one. */
	leave(key: FeedKey, channel: Channel): Room | undefined {
		const room = this.#rooms.get(key);
		if (room === undefined) return undefined;
		room.remove(channel);
		if (!room.empty) return undefined;
		this.#rooms.delete(key);
		return room;
	}
}

/** As in gochat: CityHash64 of the user id in decimal, modulo the number of buckets. */
export const bucketOf = (buckets: readonly Bucket[], userId: number): Bucket => {
	const bucket = buckets[Number(cityHash64(String(userId)) % BigInt(buckets.length))];
	if (bucket === undefined) throw new Error('a server needs at least one bucket');
	return bucket;
};
