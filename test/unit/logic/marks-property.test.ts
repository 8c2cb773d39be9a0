import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqlStore } from '../../../src/adapters/sql/open-sql-store.ts';
import { createMarks } from '../../../src/logic/marks.ts';
import type { ChatStore, Standing } from '../../../src/ports/chat-store.ts';
import { directKey, roomKey } from '../../../src/protocol/logs.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { toRoom, toUser } from '../../support/new-message.ts';
import { temporaryFolder } from '../../support/processes.ts';

const logger = createLogger('silent', { module: 'logic', serverId: 'test' });
const folder = temporaryFolder('marks');
let store: ChatStore;
beforeAll(async () => {
	store = await openSqlStore({ url: `sqlite:${join(folder.path, 'chat.db')}`, poolSize: 1, durability: 'process' });
});
afterAll(async () => {
	await store.close();
	folder.remove();
});

const head = 6;
const position = fc.option(fc.integer({ min: 0, max: head + 4 }), { nil: undefined });
const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			type: fc.constant('mark' as const),
			logic: fc.nat(2),
			user: fc.nat(1),
			inRoom: fc.boolean(),
			read: position,
			delivered: position,
		}),
	},
	{ weight: 1, arbitrary: fc.record({ type: fc.constant('append' as const), inRoom: fc.boolean() }) },
	{ weight: 3, arbitrary: fc.record({ type: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 3 }) }) },
);

const createUser = async (name: string): Promise<number> => {
	const user = await store.createUser({ name, nameKey: name, passwordHash: '', createdAt: 1 });
	if (user === undefined) throw new Error('name taken');
	return user.id;
};

let runs = 0;
/** Two new users, with a room and a direct conversation of `head` messages each that nobody has read. */
const prepare = async () => {
	const run = ++runs;
	const [ann, bob] = [await createUser(`ann ${run}`), await createUser(`bob ${run}`)];
	const users = [ann, bob] as const;
	const convs = [roomKey(run), directKey(ann, bob)] as const;
	for (const user of users) await store.joinRoom(user, convs[0], 1);
	let refs = 0;
	const append = async (inRoom: boolean): Promise<void> => {
		const ref = `${run}-${++refs}`;
		await store.append([inRoom ? toRoom(run, ann, ref) : toUser(bob, ann, ref)]);
	};
	for (let seq = 1; seq <= head; seq++) await Promise.all([append(true), append(false)]);
	return { users, convs, append };
};

/** The positions of both users, each checked to be possible and no smaller than when it was last looked at. */
const createWatch = ({ users, convs }: Pick<Awaited<ReturnType<typeof prepare>>, 'users' | 'convs'>) => {
	const last = new Map<string, Standing>();
	return async (): Promise<ReadonlyMap<string, Standing>> => {
		for (const user of users) {
			for (const [index, now] of (await store.standings(user, convs)).entries()) {
				const key = `${user} ${convs[index]}`;
				const before = last.get(key) ?? { read: 0, delivered: 0 };
				expect(now.read).toBeGreaterThanOrEqual(before.read);
				expect(now.delivered).toBeGreaterThanOrEqual(Math.max(before.delivered, now.read));
				expect(now.delivered).toBeLessThanOrEqual(now.head);
				last.set(key, now);
			}
		}
		return last;
	};
};

test('in whatever order marks come, from several logic instances, positions only grow, never beyond the head, to the furthest', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
			const { users, convs, append } = await prepare();
			const watch = createWatch({ users, convs });
			const logics = Array.from({ length: 3 }, () => {
				return createMarks({ store, outbox: { add: () => {} }, logger, pauseMs: 1 });
			});
			const furthest = new Map<string, { read: number; delivered: number }>();
			const stored: Promise<void>[] = [];
			for (const each of steps) {
				if (each.type === 'append') await append(each.inRoom);
				if (each.type === 'wait') {
					for (let turn = 0; turn < each.turns; turn++) await new Promise((resolve) => setImmediate(resolve));
					await watch();
				}
				if (each.type !== 'mark') continue;
				const [userId, conv] = [users[each.user] ?? 0, convs[each.inRoom ? 0 : 1] ?? 'room:1'];
				const { read = 0, delivered = 0 } = each;
				const added = logics[each.logic]?.add([{ userId, conv, read: each.read, delivered: each.delivered }]);
				if (added !== undefined) stored.push(added);
				const before = furthest.get(`${userId} ${conv}`) ?? { read: 0, delivered: 0 };
				furthest.set(`${userId} ${conv}`, {
					read: Math.max(before.read, read),
					delivered: Math.max(before.delivered, delivered, read),
				});
			}
			await Promise.all(logics.map((logic) => logic.drain()));
			await Promise.all(stored);
			for (const [key, standing] of await watch()) {
				const { read, delivered } = furthest.get(key) ?? { read: 0, delivered: 0 };
				// A mark that came before later messages was cut to the head of that moment.
				expect(standing.read).toBeLessThanOrEqual(read);
				expect(standing.read).toBeGreaterThanOrEqual(Math.min(read, head));
				expect(standing.delivered).toBeLessThanOrEqual(delivered);
				expect(standing.delivered).toBeGreaterThanOrEqual(Math.min(delivered, head));
			}
		}),
	);
});
