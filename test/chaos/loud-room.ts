import type { SignedIn } from '../../src/client/index.ts';
import type { RoomKey } from '../../src/protocol/logs.ts';
import { type Books, Device } from './device.ts';
import type { HttpSender } from './http-sender.ts';

const loudRoom: RoomKey = 'room:901';
const messages = 400;
const lanes = 4;
/** With the others of a burst, more than the sockets and the server keep for a reader. */
const body = 'loud '.repeat(1600);

/** A room in which now and then so much is said that a reader who does not take it is left behind. */
export interface LoudRoom {
	/** The one that is to stop reading. */
	readonly reader: Device;
	readonly devices: readonly Device[];
	/** Resolves when all of it is accepted. */
	burst(): Promise<void>;
}

interface LoudRoomOptions {
	readonly api: string;
	readonly session: SignedIn;
	readonly books: Books;
	readonly http: HttpSender;
}

export const openLoudRoom = async ({ api, session, books, http }: LoudRoomOptions): Promise<LoudRoom> => {
	const devices = ['slow', 'quick'].map((name) => new Device({ name: `${name} reader`, session, books, api }));
	for (const device of devices) {
		await device.chat.ready;
		await device.watch(loudRoom);
	}
	return {
		reader: devices[0] as Device,
		devices,
		burst: async () => {
			let left = messages;
			const lane = async () => {
				while (left > 0) {
					left -= 1;
					await http.send(session.token, loudRoom, body);
				}
			};
			await Promise.all(Array.from({ length: lanes }, lane));
		},
	};
};
