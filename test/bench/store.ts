import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import type { ChatStore, NewMessage } from '../../src/ports/chat-store.ts';
import { type ConversationKey, directKey, inboxKey, roomKey } from '../../src/protocol/logs.ts';
import { toRoom } from '../support/new-message.ts';
import { randomly } from './randomly.ts';
import type { Row, Scenario } from './scenario.ts';
import { directConversations, fill, heavyUser, memberOf, roomMembers, rooms } from './store-fill.ts';
import { timed } from './timing.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const measure = async (store: ChatStore, messages: number, seconds: number): Promise<readonly Row[]> => {
	const random = randomly();
	const anyRoom = () => 1 + random(rooms);
	const peer = () => 1 + random(heavyUser - 1);
	const roomHead = Math.floor((messages - directConversations) / rooms);
	const conversations = (): ConversationKey[] =>
		upTo(200).map((n) => (n % 2 ? roomKey(anyRoom()) : directKey(heavyUser, peer())));
	const batch = (name: string, size: number): NewMessage[] =>
		upTo(size).map((n) => ({ ...toRoom(anyRoom(), memberOf(1, n), `${name} ${n}`), at: Date.now() }));
	/** Of different members of different rooms, further than before. */
	const marks = (index: number) =>
		upTo(300).map((n) => {
			const room = 1 + ((index * 300 + n) % rooms);
			const pass = Math.floor((index * 300 + n) / rooms);
			return {
				userId: memberOf(room, pass % roomMembers),
				conv: roomKey(room),
				read: 1 + Math.floor(pass / roomMembers),
			};
		});

	const historyPage = () => ({ conv: roomKey(anyRoom()), before: 2 + random(roomHead), limit: 100 });
	const appending = (size: number) =>
		timed({ what: `append ${size} message${size > 1 ? 's' : ''}`, seconds, perCall: size }, (index) =>
			store.append(batch(`append ${size} ${index}`, size)),
		);
	return [
		await timed({ what: 'history page of 100', seconds }, () => store.history(historyPage())),
		await timed({ what: 'inbox, first page of 100', seconds }, () => store.inbox(heavyUser, { limit: 100 })),
		await timed({ what: 'inbox, first page of 500', seconds }, () => store.inbox(heavyUser, { limit: 500 })),
		await timed({ what: 'standings of 200', seconds }, () => store.standings(heavyUser, conversations())),
		await timed({ what: 'feed of an inbox, 250 entries', seconds }, () =>
			store.readFeed(inboxKey(heavyUser), random(directConversations - 250), 250),
		),
		await appending(1),
		await appending(64),
		await appending(300),
		await timed({ what: 'mark 300', seconds, perCall: 300 }, (index) => store.mark(marks(index))),
	];
};

const fewestMessages = directConversations + rooms;

/** Runs in a folder of its own, on SQLite as a new installation has it. */
export const store: Scenario = {
	summary: 'what the store takes for a page, the inbox, appends and marks, with 10,000,000 messages in SQLite',
	run: async ({ messages = 10_000_000, seconds = 5 }) => {
		const count = Math.max(Math.floor(messages), fewestMessages);
		const folder = mkdtempSync(join(tmpdir(), 'store-'));
		const clean = () => rmSync(folder, { recursive: true, force: true });
		process.once('exit', clean);
		const file = join(folder, 'tschat.db');
		const open = () => openSqlStore({ url: `sqlite:${file}`, poolSize: 1, durability: 'process' });
		// It makes the tables.
		await (await open()).close();
		const start = performance.now();
		const elapsed = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
		fill(file, count, (done) => process.stderr.write(`filled ${done.toLocaleString('en')} messages, ${elapsed()}\n`));
		process.stderr.write(`filled; measuring after ${elapsed()}\n`);
		const opened = await open();
		const rows = await measure(opened, count, seconds);
		await opened.close();
		clean();
		return rows;
	},
};
