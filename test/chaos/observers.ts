import { register } from '../../src/client/index.ts';
import type { Member } from './crowd.ts';
import type { Books } from './device.ts';
import { Device } from './device.ts';
import { startGochatListener } from './gochat-listener.ts';
import type { HttpSender } from './http-sender.ts';
import { Probe, probeRoom } from './probe.ts';
import type { Scene } from './scene.ts';

interface ObserverOptions {
	readonly scene: Scene;
	readonly books: Books;
	readonly http: HttpSender;
	readonly members: readonly Member[];
}

export interface Observers {
	readonly probe: Probe;
	readonly devices: readonly Device[];
	/** If none of those that go anywhere is at this server, half of them connect anew: the api names the one with fewer clients. */
	spread(url: string): Promise<void>;
	/** Ends the listeners of gochat's protocol; the devices are left. */
	stop(): void;
}

const probeRoomId = Number(probeRoom.slice('room:'.length));
const wanderers = 6;
const listenersEach = 4;

const session = (api: string, name: string) => register({ api, name, password: '111111' });

/** One reader for each connect server, which knows no other; and some that go wherever the api sends them. */
export const placeObservers = async ({ scene, books, http, members }: ObserverOptions): Promise<Observers> => {
	const { api, cluster } = scene;
	const owner = await session(api, 'probe');
	const probe = new Probe(http, owner.token);
	const watchProbe = async (name: string, where: { api: string } | { url: string }) => {
		const saw = probe.reader(name);
		const backoff = 'url' in where ? { minMs: 50, maxMs: 500 } : {};
		const device = new Device({
			...{ name: `probe ${name}`, session: owner, books, backoff },
			...{ ...where, timeoutMs: 3000, saw: (_conv: string, body: string) => saw(body) },
		});
		await device.chat.ready;
		await device.watch(probeRoom);
		return device;
	};
	const devices = await Promise.all([
		...cluster.wsUrls.map((url, index) => watchProbe(`connect-ws-${index}`, { url })),
		...Array.from({ length: wanderers }, (_, index) => watchProbe(`anywhere-${index}`, { api })),
	]);
	const listen = (name: string, address: string | number, roomId: number, who: { session: Member['session'] }) =>
		startGochatListener({ name, address, session: who.session, roomId, sightings: books.sightings });
	const listeners = cluster.tcpPorts.map(([, port], index) =>
		startGochatListener({
			name: `probe connect-tcp-${index}`,
			...{ address: port, session: owner, roomId: probeRoomId, sightings: books.sightings },
			saw: probe.reader(`connect-tcp-${index}`),
		}),
	);
	for (let index = 0; index < listenersEach; index += 1) {
		for (const [place, address] of [...cluster.wsUrls, ...cluster.tcpPorts.map(([port]) => port)].entries()) {
			const member = members[index * 4 + place];
			if (member !== undefined)
				listeners.push(listen(`gochat ${place}.${index}`, address, 1 + index * 4 + place, member));
		}
	}
	return {
		probe,
		devices,
		spread: async (url) => {
			const anywhere = devices.slice(-wanderers);
			if (anywhere.some(({ server }) => server === url)) return;
			await Promise.all(anywhere.slice(wanderers / 2).map((device) => device.reconnect()));
		},
		stop: () => {
			for (const listener of listeners) listener.stop();
		},
	};
};
