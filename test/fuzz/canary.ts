import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { v2Subprotocol } from '../../src/protocol/v2/subprotocol.ts';
import { post } from '../support/gochat-client.ts';
import type { Account } from './fuzz-cluster.ts';

const patienceMs = 20_000;
const pauseMs = 50;

/** A number that no input names by chance. */
const room = 777_000_001;

export interface CanaryReport {
	/** Times of a message from its sending to its last reader, in ms, in order. */
	readonly latencies: readonly number[];
	/** What went wrong. */
	readonly complaints: readonly string[];
	/** What was accepted, in the order of each conversation. */
	readonly sent: ReadonlyMap<string, readonly string[]>;
	/** The last position that the client of v2 has read in the direct conversation. */
	readonly read: number;
}

/** Who waits for a message, by its body: resolved with its position. */
class Arrivals {
	readonly #waiting = new Map<string, (seq: number) => void>();

	of(body: string): Promise<number> {
		return new Promise((resolve) => this.#waiting.set(body, resolve));
	}

	came(body: string, seq: number): void {
		this.#waiting.get(body)?.(seq);
		this.#waiting.delete(body);
	}
}

const inTime = <T>(what: string, work: Promise<T>): Promise<T> =>
	Promise.race([
		work,
		sleep(patienceMs, undefined, { ref: false }).then(() => {
			throw new Error(`${what}: nothing in ${patienceMs} ms`);
		}),
	]);

/** Two users who go on chatting: `ann` by gochat's protocol and HTTP, `bob` by v2, in a room and directly. */
export const startCanary = async (apiUrl: string, wsUrl: string, ann: Account, bob: Account) => {
	const direct = `dm:${Math.min(ann.id, bob.id)}:${Math.max(ann.id, bob.id)}`;
	const conv = `room:${room}`;
	const sent = new Map<string, string[]>([
		[direct, []],
		[conv, []],
	]);
	const latencies: number[] = [];
	const complaints: string[] = [];
	const atAnn = new Arrivals();
	const atBob = new Arrivals();
	const answers = new Arrivals();
	let read = 0;
	let stopping = false;

	const connect = async (who: string, subprotocol: string[], first: object): Promise<WebSocket> => {
		const socket = new WebSocket(wsUrl, subprotocol);
		socket.on('error', (error) => complaints.push(`${who}: ${error.message}`));
		socket.on('close', (code) => stopping || complaints.push(`${who} was closed with ${code}`));
		await once(socket, 'open');
		socket.send(JSON.stringify(first));
		return socket;
	};
	const v1 = await connect('ann', [], { authToken: ann.token, roomId: room });
	v1.on('message', (data) => {
		const { msg, seq } = JSON.parse(String(data));
		if (msg !== undefined) atAnn.came(msg, seq);
	});
	const v2 = await connect('bob', [v2Subprotocol], {
		type: 'hello',
		token: bob.token,
		cursors: { [conv]: 0 },
		inbox: 0,
	});
	const resumed = new Promise<void>((resolve) => {
		v2.on('message', (data) => {
			const frame = JSON.parse(String(data));
			if (frame.type === 'message') atBob.came(frame.body, frame.seq);
			else if (frame.type === 'sent') answers.came(frame.ref, frame.seq);
			else if (frame.type === 'resumed') resolve();
			else if (frame.type === 'error') complaints.push(`bob was answered ${JSON.stringify(frame)}`);
		});
	});
	await inTime('bob is in', resumed);

	const push = async (path: string, body: object): Promise<void> => {
		const { code, message } = await post(apiUrl, path, body);
		if (code !== 0) throw new Error(`${path} was answered ${code} ${message}`);
	};
	const accepted = (key: string, body: string) => sent.get(key)?.push(body);

	const round = async (number: number): Promise<void> => {
		const [toRoom, toBob, toAnn] = [`room ${number}`, `to bob ${number}`, `to ann ${number}`];
		const begun = performance.now();
		const arrived = [atAnn.of(toRoom), atBob.of(toRoom), atBob.of(toBob), atAnn.of(toAnn)] as const;
		await inTime(toRoom, push('/push/pushRoom', { authToken: ann.token, msg: toRoom, roomId: room }));
		accepted(conv, toRoom);
		await inTime(toBob, push('/push/push', { authToken: ann.token, msg: toBob, toUserId: String(bob.id), roomId: 0 }));
		accepted(direct, toBob);
		const answered = answers.of(toAnn);
		v2.send(JSON.stringify({ type: 'send', ref: toAnn, conv: direct, kind: 'text', body: toAnn }));
		read = await inTime(`the answer to ${toAnn}`, answered);
		accepted(direct, toAnn);
		await inTime(`round ${number} at everybody`, Promise.all(arrived));
		latencies.push(performance.now() - begun);
		v2.send(JSON.stringify({ type: 'read', conv: direct, seq: read }));
	};

	const chat = async (): Promise<void> => {
		for (let number = 1; !stopping; number += 1) {
			try {
				await round(number);
			} catch (error) {
				complaints.push(String(error));
			}
			await sleep(pauseMs);
		}
	};
	const chatting = chat();

	return {
		conversations: { direct, room: conv },
		/** Ends when what is under way has arrived. */
		stop: async (): Promise<CanaryReport> => {
			stopping = true;
			await chatting;
			v1.close();
			v2.close();
			return { latencies, complaints, sent, read };
		},
	};
};
