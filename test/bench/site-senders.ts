import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { type Chat, connect, type SignedIn } from '../../src/client/index.ts';
import { bodyOf, room } from './site-room.ts';

interface Sent {
	/** The last message's position. */
	readonly head: number;
	readonly count: number;
	/** Accepted in each second. */
	readonly perSecond: number;
}

export interface Senders {
	/** So many messages a second in all, of each sender in turn; resolves when the server has accepted them. */
	send(rate: number, seconds: number): Promise<Sent>;
	close(): Promise<void>;
}

/** People who write in the room, each over a socket, and do not follow it. */
export const connectSenders = async (api: string, people: readonly SignedIn[]): Promise<Senders> => {
	const chats: readonly Chat[] = people.map((person) => connect({ api, ...person, WebSocket }));
	await Promise.all(chats.map((chat) => chat.ready));
	return {
		send: async (rate, seconds) => {
			const start = performance.now();
			const accepted: Promise<{ readonly seq: number }>[] = [];
			const total = rate * seconds;
			while (accepted.length < total) {
				const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * rate));
				while (accepted.length < due) {
					const chat = chats[accepted.length % chats.length];
					if (chat !== undefined) accepted.push(chat.conversation(room).send(bodyOf(accepted.length)));
				}
				await pause(1000 / rate);
			}
			const seqs = (await Promise.all(accepted)).map(({ seq }) => seq);
			const perSecond = (total * 1000) / (performance.now() - start);
			return { head: Math.max(...seqs), count: total, perSecond };
		},
		close: async () => {
			await Promise.all(chats.map((chat) => chat.close()));
		},
	};
};
