import type { Channel } from './channel.ts';
import type { Codec } from './codec.ts';

/** The channels of one bucket that read one feed, by codec: those of a codec get the same bytes. */
export class Room {
	readonly channels = new Map<Codec, Set<Channel>>();

	add(channel: Channel): void {
		const same = this.channels.get(channel.codec);
		if (same === undefined) this.channels.set(channel.codec, new Set([channel]));
		else same.add(channel);
	}

	remove(channel: Channel): void {
		const same = this.channels.get(channel.codec);
		if (same === undefined) return;
		same.delete(channel);
		if (same.size === 0) this.channels.delete(channel.codec);
	}

	get empty(): boolean {
		return this.channels.size === 0;
	}
}
