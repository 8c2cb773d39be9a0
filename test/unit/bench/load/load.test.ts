import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Load, startLoad } from '../../../bench/load/load.ts';
import { bare } from '../../../bench/targets/bare.ts';
import type { RunningTarget } from '../../../bench/targets/target.ts';
import { temporaryFolder } from '../../../support/processes.ts';

const folder = temporaryFolder('load');
let target: RunningTarget;
let load: Load;

beforeAll(async () => {
	load = startLoad({ readers: 2, senders: 2 });
	target = await bare.start({ folder: folder.path, connectServers: 1 });
}, 60_000);

afterAll(async () => {
	await load?.close();
	await target?.stop();
	folder.remove();
});

const clients = 30;

test('every delivery to every connection is counted, over processes that share the work', async () => {
	const [sender, ...users] = await target.users(clients + 1);
	const url = target.sockets[0];
	if (sender === undefined || url === undefined) throw new Error('the target has no users');
	const plans = users.map((user, at) => ({ url, dialect: 'bare' as const, user, roomId: 1 + (at % 2) }));
	const connected = await load.connect(plans, { rate: 1000 });
	expect(connected).toMatchObject({ errors: 0, problem: undefined });

	await load.reset();
	const posts = [1, 2].map((room) => (body: string) => target.roomPost(sender, room, body));
	const sent = await load.send({ http: target.http, posts, rate: 401, seconds: 0.5 });
	expect(sent).toMatchObject({ sent: 201, accepted: 201, failed: 0, due: 201, lastIndex: 200 });
	expect([sent.isAccepted(0), sent.isAccepted(200), sent.isAccepted(201)]).toEqual([true, true, false]);

	const result = await load.collect(() => clients / 2, 5000);
	expect(result).toMatchObject({ deliveries: (201 * clients) / 2, missing: 0, repeated: 0, lost: 0 });
	expect(result.p50_ms).toBeGreaterThan(0);
	expect(result.p99_ms).toBeGreaterThanOrEqual(result.p50_ms);

	// As if room 1 had one reader more, and room 2 one less.
	const other = await load.collect((index) => clients / 2 + (index % 2 === 0 ? 1 : -1), 5000);
	expect(other).toMatchObject({ missing: 101, repeated: 100 });
});

test('what is refused is told, and none of it counts as accepted', async () => {
	const posts = [(body: string) => ({ path: '/nowhere', headers: {}, body })];
	const sent = await load.send({ http: target.http, posts, rate: 100, seconds: 0.1 });
	expect(sent).toMatchObject({ sent: 10, accepted: 0, failed: 10, problem: '404 {"ok":false}' });
	expect(sent.isAccepted(0)).toBe(false);
});

test('a connection that cannot be made is an error, with its reason', async () => {
	const [user] = await target.users(1);
	if (user === undefined) throw new Error('the target has no users');
	const nowhere = { url: 'ws://127.0.0.1:1/', dialect: 'bare' as const, user, roomId: 1 };
	expect(await load.connect([nowhere, nowhere])).toMatchObject({
		errors: 2,
		problem: expect.stringMatching('ECONNREFUSED'),
	});
});

test('connections that their server ends are told', async () => {
	await load.reset();
	await target.stop();
	expect(await load.returned(clients, 5000)).toMatchObject({ lost: clients, away: 0 });
});
