import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { register, type SignedIn } from '../../src/client/index.ts';
import type { NewMessage } from '../../src/ports/chat-store.ts';
import { roomKey } from '../../src/protocol/logs.ts';
import type { Embedded } from '../support/cluster.ts';

/** The room that is measured. */
export const room = roomKey(1);
/** Messages in one transaction. */
const step = 500;
/** People write in it once a minute. */
const betweenMs = 60_000;

const words =
	'the log is what all agree on and a page only shows how far it has read so nothing is lost when it goes'.split(' ');

const sentence = (n: number, length: number): string =>
	Array.from({ length }, (_, index) => words[(n * 7 + index * (1 + (n % 5))) % words.length]).join(' ');

/** A text as people write them: mostly a line, at times a paragraph, a list, code or a link. The same for the same number. */
export const bodyOf = (n: number): string => {
	if (n % 40 === 0) return `${sentence(n, 20)}\n\n- ${sentence(n + 1, 6)}\n- ${sentence(n + 2, 5)}`;
	if (n % 40 === 1) return `\`\`\`ts\nconst position = ${n};\n${sentence(n, 4)}\n\`\`\``;
	if (n % 10 === 2) return `**${sentence(n, 2)}** ${sentence(n, 9)}, see https://example.org/${n}`;
	if (n % 10 === 3) return sentence(n, 45);
	return `${sentence(n, 3 + (n % 12))} ${n % 7 === 0 ? '👍' : '.'}`;
};

/** Who reads and who writes in these measurements; the reader is logged in. */
export interface People {
	readonly reader: SignedIn;
	readonly senders: readonly SignedIn[];
}

/** Registers them, puts so many messages into the room, of the senders in turn, and the room among the reader's. */
export const fillRoom = async ({ apiUrl, folder }: Embedded, messages: number): Promise<People> => {
	const enter = (name: string) => register({ api: apiUrl, name, password: '111111' });
	const reader = await enter('reader');
	const senders: SignedIn[] = [];
	for (let index = 0; index < 10; index += 1) senders.push(await enter(`sender-${index}`));

	const firstAt = Date.now() - messages * betweenMs;
	const message = (n: number): NewMessage => {
		const { user } = senders[Math.floor(n / 3) % senders.length] ?? reader;
		return {
			conv: room,
			id: String(7_250_000_000_000_000_000n + BigInt(n)),
			from: { id: Number(user.id), name: user.name },
			to: null,
			kind: 'text',
			body: bodyOf(n),
			at: firstAt + n * betweenMs,
			ref: `filled-${n}`,
			inboxes: [],
		};
	};
	const store = await openSqlStore({ url: `sqlite:${folder}/tschat.db`, poolSize: 1, durability: 'process' });
	for (let from = 1; from <= messages; from += step) {
		const count = Math.min(step, messages - from + 1);
		await store.append(Array.from({ length: count }, (_, index) => message(from + index)));
	}
	await store.joinRoom(Number(reader.user.id), room, Date.now());
	await store.close();
	return { reader, senders };
};
