import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Load, startLoad } from '../bench/load/load.ts';
import type { BenchUser, RunningTarget } from '../bench/targets/target.ts';
import { tschatCluster } from '../bench/targets/tschat-cluster.ts';
import { temporaryFolder } from '../support/processes.ts';

const folder = temporaryFolder('bench-load');
const clients = 20;
let target: RunningTarget;
let load: Load;
let users: readonly BenchUser[];

const socket = (at: number): string => {
	const url = target.sockets[at % target.sockets.length];
	if (url === undefined) throw new Error('the target has no sockets');
	return url;
};

const directConversation = (one: BenchUser, other: BenchUser | undefined): string =>
	`dm:${[one.id, other?.id ?? 0].sort((a, b) => a - b).join(':')}`;

beforeAll(async () => {
	load = startLoad();
	target = await tschatCluster.start({ folder: folder.path, connectServers: 2 });
	users = await target.users(clients);
}, 90_000);

afterAll(async () => {
	await load?.close();
	await target?.stop();
	folder.remove();
});

test("gochat's clients and the SDK's count the same messages of a room", async () => {
	for (const dialect of ['gochat', 'v2'] as const) {
		const plans = users.map((user, at) => ({ url: socket(at), dialect, user, roomId: 1 }));
		expect(await load.connect(plans)).toMatchObject({ errors: 0 });
	}
	await load.reset();
	const [sender] = users;
	const posts = sender === undefined ? [] : [(body: string) => target.roomPost(sender, 1, body)];
	expect(await load.send({ http: target.http, posts, rate: 100, seconds: 1 })).toMatchObject({ accepted: 100 });
	const result = await load.collect(() => 2 * clients, 5000);
	expect(result).toMatchObject({ deliveries: 200 * clients, missing: 0, repeated: 0, lost: 0 });
});

test('direct messages that go out over sockets come to the devices of both users', async () => {
	await load.reset();
	const sockets = users.map((user, at) => ({
		url: socket(at),
		user,
		conv: directConversation(user, users[(at + 1) % clients]),
	}));
	expect(await load.send({ sockets, rate: 200, seconds: 1 })).toMatchObject({ accepted: 200, failed: 0 });
	expect(await load.collect(() => 4, 5000)).toMatchObject({ deliveries: 800, missing: 0, repeated: 0 });
});

test('clients that lose their server come back on another, and have every message once', async () => {
	const plans = users.map((user) => ({ url: socket(0), dialect: 'v2' as const, user, roomId: 2 }));
	expect(await load.connect(plans, { returnTo: [socket(1)] })).toMatchObject({ errors: 0 });
	await load.reset();
	const posts = users.map((user) => (body: string) => target.roomPost(user, 2, body));
	const sending = load.send({ http: target.http, posts, rate: 200, seconds: 2 });
	const server = target.processes().find(({ name }) => name === 'connect-ws');
	if (server === undefined) throw new Error('there is no connect-ws');
	process.kill(server.pid, 'SIGKILL');
	// Of the first test's clients, half were there too; they stay away.
	expect(await load.returned(2 * clients, 15_000)).toMatchObject({ lost: 2 * clients, away: 0 });
	const sent = await sending;
	expect(sent).toMatchObject({ accepted: 400 });
	expect(await load.collect(() => clients, 5000)).toMatchObject({ missing: 0, repeated: 0 });
});
