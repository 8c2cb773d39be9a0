import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { newUser, sdkClient, type Witness } from '../support/sdk-client.ts';

let cluster: Cluster;
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 0, logic: 1, task: 1 });
});
afterAll(() => cluster.stop());

const client = async (name: string) => {
	const session = await newUser(cluster.apiUrl, name);
	return sdkClient({ api: cluster.apiUrl, ...session });
};
/** One message after the other, until it is over; how many. */
const talk = async ({ chat }: Witness, room: number, name: string, isOver: () => boolean): Promise<number> => {
	let count = 0;
	for (; !isOver(); count += 1) await chat.room(room).send(`${name} ${count}`);
	return count;
};

test.each([
	['stopped', 'SIGTERM', 801],
	['killed', 'SIGKILL', 802],
] as const)(
	'clients move to another server when theirs is %s, and miss nothing',
	async (_what, signal, room) => {
		const clients = await Promise.all(['ann', 'bob', 'carol'].map(client));
		for (const { chat } of clients) await chat.room(room).join();
		const [ann, bob, carol] = clients;
		if (ann === undefined || bob === undefined || carol === undefined) throw new Error('three clients');
		let over = false;
		const talking = Promise.all(
			(
				[
					[ann, 'ann'],
					[bob, 'bob'],
				] as const
			).map(([one, name]) => talk(one, room, name, () => over)),
		);
		const tenMore = async () => {
			const heard = carol.events.message.length;
			await carol.until(() => carol.events.message.length >= heard + 10, 'ten more messages');
		};
		// One after the other, so that everybody has to move.
		for (const node of cluster.nodes('connect-ws')) {
			await tenMore();
			await node.process.stop({ signal });
			await tenMore();
			await node.start();
		}
		over = true;
		const counts = await talking;
		const total = counts.reduce((sum, count) => sum + count);
		for (const { until, events } of clients) await until(() => events.message.length >= total, 'all messages');
		const bodies = carol.bodies(`room:${room}`);
		for (const { events, ...one } of clients) {
			expect(events.message.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
			expect(one.bodies(`room:${room}`)).toEqual(bodies);
			expect(events.failed).toEqual([]);
		}
		for (const [index, name] of ['ann', 'bob'].entries()) {
			const said = bodies.filter((body) => body.startsWith(name));
			expect(said).toEqual(Array.from({ length: counts[index] ?? 0 }, (_, number) => `${name} ${number}`));
		}
		const losses = clients.map(({ events }) => events.state.filter((state) => state === 'resuming').length - 1);
		expect(Math.max(...losses)).toBeGreaterThan(0);
		await Promise.all(clients.map(({ chat }) => chat.close()));
	},
	60_000,
);
