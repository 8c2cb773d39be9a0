import { afterAll, beforeAll, expect, test } from 'vitest';
import { register } from '../../src/client/index.ts';
import { roomKey } from '../../src/protocol/logs.ts';
import { eventually } from '../support/eventually.ts';
import { historyOf } from '../support/history.ts';
import { inGroups } from './crowd.ts';
import { type Books, Device } from './device.ts';
import { HttpSender } from './http-sender.ts';
import { Ledger } from './ledger.ts';
import { type Scene, startScene } from './scene.ts';
import { Sightings } from './sightings.ts';
import { judge } from './verdict.ts';

let scene: Scene;
beforeAll(async () => {
	scene = await startScene('sqlite');
});
afterAll(() => scene.stop());

const clients = 40;

/** Sends over HTTP without a pause, four at a time. */
const startFlow = (http: HttpSender, token: string, roomId: number) => {
	let stopped = false;
	const lanes = Array.from({ length: 4 }, async (_, lane) => {
		for (let count = 0; !stopped; count += 1) await http.send(token, roomKey(roomId), `lane ${lane} message ${count}`);
	});
	return async () => {
		stopped = true;
		await Promise.all(lanes);
	};
};

test.for([
	['logic', 1],
	['task', 2],
	['connect-ws', 3],
	['connect-tcp', 4],
	['api', 5],
] as const)(
	'SIGTERM to each %s under load fails no send and loses no message',
	{ timeout: 90_000 },
	async ([module, roomId]) => {
		const books: Books = { ledger: new Ledger(), sightings: new Sightings() };
		const http = new HttpSender(scene.api, books.ledger);
		const session = await register({ api: scene.api, name: `rolled-${module}`, password: '111111' });
		const room = roomKey(roomId);
		const devices = await inGroups(Array.from({ length: clients }), async () => {
			const device = new Device({ name: 'a reader', session, books, api: scene.api });
			await device.watch(room);
			return device;
		});
		const stop = startFlow(http, session.token, roomId);
		const more = async () => {
			const before = books.ledger.accepted.size;
			await eventually(() => expect(books.ledger.accepted.size).toBeGreaterThan(before + 50), 20_000);
		};
		await more();
		for (const node of scene.cluster.nodes(module)) {
			node.process.signal('SIGTERM');
			expect(await node.process.exited, node.process.output()).toBe(0);
			await more();
			await node.start();
			await more();
		}
		await stop();
		expect(http.failures).toEqual([]);
		const log = await historyOf(scene.api, session.token, room);
		await eventually(() => {
			const { accepted, ...faults } = judge(books.ledger, books.sightings, new Map([[room, log]]));
			expect(faults).toEqual({ lost: 0, duplicated: 0, reordered: 0, details: [] });
			expect(accepted).toBe(log.length);
		}, 20_000);
		await Promise.all(devices.map(({ chat }) => chat.close()));
	},
);
