import Database from 'better-sqlite3';

export const rooms = 10_000;
/** Users 1 to so many write in rooms, and are members of some. */
const senders = 5000;
/** Each room has so many members: `memberOf` tells whom. */
export const roomMembers = 20;
/** Writes with users of lower and of higher ids, so that the keys of these conversations lie apart. */
export const heavyUser = 5001;
/** So many direct conversations it has, of one message each. */
export const directConversations = 10_000;

/** Messages in one statement. */
const step = 250_000;
const firstAt = Date.UTC(2026, 0, 1);

export const memberOf = (room: number, index: number): number =>
	1 + ((((room - 1) * roomMembers + index) * 7919) % senders);

/** Numbers from one up to before another, as `numbers(n)`. */
const numbers = (from: number, to: number): string =>
	`with recursive numbers(n) as (select ${from} union all select n + 1 from numbers where n + 1 < ${to})`;

/**
 * Fills an empty store by SQL with so many messages: one in each direct conversation, and the rest over the rooms in turn, so that
 * a room's messages lie far apart in the file, as they do when people write. Tells how many there are, from time to time.
 */
export const fill = (file: string, messages: number, progress: (done: number) => void): void => {
	const database = new Database(file);
	// Nothing of it has to survive a crash. The cache has room for the end of each conversation in both indexes.
	database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -512000');
	const insert = (text: string) => database.exec(`begin; ${text}; commit`);
	insert(`${numbers(1, directConversations + 2)}
		insert into users (id, name, name_key, password_hash, created_at) select n, 'user ' || n, 'user ' || n, '', 0 from numbers`);

	const inRooms = messages - directConversations;
	for (let from = 0; from < inRooms; from += step) {
		const to = Math.min(inRooms, from + step);
		insert(`${numbers(from, to)}
			insert into messages (conv, seq, id, sender_id, sender_name, kind, body, ref, at)
			select 'room:' || (1 + n % ${rooms}), 1 + n / ${rooms}, '72500' || (10000000000000 + n), 1 + (n * 7919) % ${senders},
				'user ' || (1 + (n * 7919) % ${senders}), 'text', substr(hex(zeroblob(80)), 1, 20 + n % 100),
				printf('room-%015d', n), ${firstAt} + n * 10
			from numbers`);
		const directUntil = (n: number) => Math.floor((n / inRooms) * directConversations);
		insertDirect(insert, { from: directUntil(from), to: directUntil(to), at: firstAt + from * 10 });
		progress(to + directUntil(to));
	}
	// The heads are those of what was inserted; the planner would sort all messages where the index has them in order.
	insert(`
		insert into logs (key, head, last_at)
		select conv, max(seq), 0 from messages indexed by sqlite_autoindex_messages_1 group by conv;
		update logs set last_at = (select at from messages where conv = key and seq = head);
		insert into logs (key, head, last_at) select 'user:' || user_id, max(pos), 0 from inbox group by user_id;
		${numbers(0, rooms * roomMembers)}
		insert into memberships (user_id, conv, joined_at, read_seq, delivered_seq)
		select 1 + (n * 7919) % ${senders}, 'room:' || (1 + n / ${roomMembers}), ${firstAt}, 0, 0 from numbers`);
	database.exec('pragma journal_mode = wal');
	database.close();
};

interface DirectShare {
	readonly from: number;
	readonly to: number;
	readonly at: number;
}

/** Peers in an order of their own, so that those who were last active are not neighbours. */
const insertDirect = (insert: (text: string) => void, { from, to, at }: DirectShare): void => {
	if (from === to) return;
	const peers = `${numbers(from, to)}, peers(n, peer) as (
		select n, (n * 7919) % ${directConversations} + iif((n * 7919) % ${directConversations} < ${heavyUser - 1}, 1, 2) from numbers
	), direct(n, peer, conv) as (
		select n, peer, 'dm:' || min(peer, ${heavyUser}) || ':' || max(peer, ${heavyUser}) from peers
	)`;
	insert(`${peers}
		insert into messages (conv, seq, id, sender_id, sender_name, to_id, to_name, kind, body, ref, at)
		select conv, 1, '72510' || (10000000000000 + n), peer, 'user ' || peer, ${heavyUser}, 'user ${heavyUser}', 'text',
			'good morning', printf('direct-%015d', n), ${at} + n
		from direct;
		${peers} insert into inbox (user_id, pos, conv, seq) select ${heavyUser}, n + 1, conv, 1 from direct;
		${peers} insert into inbox (user_id, pos, conv, seq) select peer, 1, conv, 1 from direct;
		${peers} insert into memberships (user_id, conv, joined_at, read_seq, delivered_seq)
			select ${heavyUser}, conv, ${at} + n, 0, 0 from direct;
		${peers} insert into memberships (user_id, conv, joined_at, read_seq, delivered_seq)
			select peer, conv, ${at} + n, 0, 0 from direct`);
};
