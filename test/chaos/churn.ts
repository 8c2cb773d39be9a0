import { setTimeout as sleep } from 'node:timers/promises';
import { register, type SignedIn } from '../../src/client/index.ts';
import { directKey, roomKey } from '../../src/protocol/logs.ts';
import { inGroups } from './crowd.ts';
import { type Books, Device } from './device.ts';
import { startGochatListener } from './gochat-listener.ts';
import type { HttpSender } from './http-sender.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

interface ChurnOptions {
	readonly scene: Scene;
	readonly books: Books;
	readonly http: HttpSender;
	readonly random: Random;
	/** Messages a second. */
	readonly rate: number;
}

const users = 100;
/** A client that comes in each such interval, and what it stays: about 100 are there at a time. */
const comeMs = 150;
const stayMs = [5000, 25_000] as const;
/** Rooms that are in use at a time; one of them is given up for a new one in each interval. */
const roomsAtOnce = 20;
const roomMs = 2000;

/** Clients of both protocols that come, follow, write and go, in rooms that are given up one after the other. */
export const startChurn = async ({ scene, books, http, random, rate }: ChurnOptions) => {
	const { api, cluster } = scene;
	const names = Array.from({ length: users }, (_, index) => `soak-${index}`);
	const sessions = await inGroups(names, (name) => register({ api, name, password: '111111' }));
	let [came, newest, stopped] = [0, 1000 + roomsAtOnce, false];
	const here = new Map<Device, readonly `room:${number}`[]>();
	const visits = new Set<Promise<void>>();
	const aRoom = () => random.between(newest - roomsAtOnce + 1, newest);

	/** Stays for its time, in two rooms; leaves one of them for good, and only goes from the other. */
	const visit = async (session: SignedIn): Promise<void> => {
		const device = new Device({ name: `visitor ${came}`, session, books, api });
		const rooms = [roomKey(aRoom()), roomKey(aRoom())];
		try {
			await device.chat.ready;
			for (const room of rooms) await device.chat.conversation(room).join();
			here.set(device, rooms);
			await sleep(random.between(...stayMs));
			here.delete(device);
			await device.chat.conversation(rooms[0] as `room:${number}`).leave();
		} finally {
			await device.chat.close();
		}
	};

	const listen = async (session: SignedIn): Promise<void> => {
		const address = random.pick([...cluster.wsUrls, ...cluster.tcpPorts.map(([port]) => port)]);
		const { sightings } = books;
		const listener = startGochatListener({ name: 'gochat', address, session, roomId: aRoom(), sightings });
		await sleep(random.between(...stayMs));
		listener.stop();
	};

	const come = () => {
		came += 1;
		const session = random.pick(sessions);
		const stay = (came % 5 === 0 ? listen(session) : visit(session)).catch(() => {});
		visits.add(stay);
		void stay.finally(() => visits.delete(stay));
	};

	const write = () => {
		const device = random.pick([...here.keys()]);
		const other = random.pick(sessions).user.id;
		const conv =
			random.between(0, 3) === 0
				? directKey(Number(device.session.user.id), Number(other))
				: random.pick(here.get(device) ?? []);
		void (random.between(0, 1) === 0 ? device.send(conv, 'soak') : http.send(device.session.token, conv, 'soak'));
	};

	const timers = [
		setInterval(come, comeMs),
		setInterval(() => {
			newest += 1;
		}, roomMs),
		setInterval(() => {
			if (here.size > 0 && !stopped) write();
		}, 1000 / rate),
	];
	return {
		stop: async () => {
			stopped = true;
			for (const timer of timers) clearInterval(timer);
			await Promise.all(visits);
			http.stop();
			return { came, rooms: newest - 1000 };
		},
	};
};
