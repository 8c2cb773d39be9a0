import { pino } from 'pino';
import { createEmbeddedRoutes } from '../../../src/adapters/embedded/routes.ts';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import type { Channel } from '../../../src/connect/channel.ts';
import type { Codec } from '../../../src/connect/codec.ts';
import { gochatWebSocket } from '../../../src/connect/codecs/gochat-v1.ts';
import { tschatWebSocket } from '../../../src/connect/codecs/tschat-v2.ts';
import { ConnectServer } from '../../../src/connect/connect-server.ts';
import type { Transport } from '../../../src/connect/transport.ts';
import type { CloseKey } from '../../../src/protocol/close-codes.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import { firstNamedRoom } from '../../../src/protocol/limits.ts';
import type { FeedEntry, Message } from '../../../src/protocol/message.ts';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import type { HandlersOf } from '../../../src/protocol/rpc.ts';
import { logicMethods } from '../../../src/protocol/rpc-logic.ts';
import type { Mark } from '../../../src/protocol/rpc-values.ts';
import type { ServerFrameOf, ServerFrameType } from '../../../src/protocol/v2/server-frames.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import type { Config } from '../../../src/runtime/config-schema.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { message } from '../../support/messages.ts';
import { reader } from '../../support/metric-values.ts';

/** Headers of WebSocket frames whose length stands in bytes of its own: theirs, and that. */
const longer: Record<number, (bytes: Buffer, at: number) => [number, number]> = {
	126: (bytes, at) => [4, bytes.readUInt16BE(at + 2)],
	127: (bytes, at) => [10, Number(bytes.readBigUInt64BE(at + 2))],
};

/** The far end of a connection: keeps what was written to it. */
class Client implements Transport {
	readonly answersPings = true;
	readonly texts: string[] = [];
	readonly #listeners = new Set<() => void>();
	writes = 0;
	#unsent = 0;
	#taken: (() => void)[] = [];
	/** The most that was written before it was waited for. */
	mostUnsent = 0;
	#sinceDrained = 0;
	closed: CloseKey | undefined;
	/** The far end follows a close at once. */
	follows = (): void => {};

	write(bytes: Buffer): void {
		this.writes += 1;
		this.#sinceDrained += bytes.length;
		this.mostUnsent = Math.max(this.mostUnsent, this.#sinceDrained);
		for (let at = 0; at < bytes.length; ) {
			const short = (bytes[at + 1] ?? 0) & 127;
			const [header, length] = longer[short]?.(bytes, at) ?? [2, short];
			this.texts.push(bytes.toString('utf8', at + header, at + header + length));
			at += header + length;
		}
		for (const listener of this.#listeners) listener();
	}
	/** What the far end has not taken besides what is written now. */
	set unsent(bytes: number) {
		this.#unsent = bytes;
		if (bytes === 0) for (const taken of this.#taken.splice(0)) taken();
	}
	unsentBytes(): number {
		return Math.max(this.#unsent, this.#sinceDrained);
	}
	progress(): number {
		return 0;
	}
	async drained(): Promise<void> {
		if (this.#unsent > 0) await new Promise<void>((resolve) => this.#taken.push(resolve));
		this.#sinceDrained = 0;
	}
	readonly maxFrameBytes = 65_536;
	ping(): void {}
	/** Whether its bytes are read. */
	read = true;
	pauseReading(): void {
		this.read = false;
	}
	resumeReading(): void {
		this.read = true;
		for (const listener of this.#listeners) listener();
	}
	close(why: CloseKey): void {
		this.closed = why;
		queueMicrotask(this.follows);
		for (const listener of this.#listeners) listener();
	}

	bodies(): string[] {
		return this.texts.map((text) => JSON.parse(text)).flatMap(({ op, msg }) => (op === 2 || op === 3 ? [msg] : []));
	}

	/** The frames of protocol v2 of a type. */
	of<T extends ServerFrameType>(type: T): ServerFrameOf<T>[] {
		return this.texts.map((text) => JSON.parse(text)).filter((frame) => frame.type === type);
	}

	/** Resolves once the condition holds; it is asked after each write and the close. */
	until(holds: (client: Client) => boolean): Promise<void> {
		return new Promise((resolve) => {
			const look = () => {
				if (!holds(this)) return;
				this.#listeners.delete(look);
				resolve();
			};
			this.#listeners.add(look);
			look();
		});
	}
}

const unusedMethods = Object.fromEntries(
	Object.keys(logicMethods).map((method) => [
		method,
		async () => {
			throw new ChatError('internal', `${method} is not answered here`);
		},
	]),
) as unknown as HandlersOf<'logic'>;

/** A connect server before a log in memory: `append` puts a message into it, and delivers nothing. */
export const startConnectServer = async (
	changes: {
		pingMs?: number;
		/** Otherwise as long as the interval. */
		pingTimeoutMs?: number;
		resumeMessages?: number;
		slowMs?: number;
		drainMs?: number;
		limits?: Partial<Config['limits']>;
		mostConnections?: number;
	} = {},
) => {
	const feeds = new Map<string, FeedEntry[]>();
	const entriesOf = (key: string): FeedEntry[] => {
		const entries = feeds.get(key) ?? [];
		feeds.set(key, entries);
		return entries;
	};
	const reads: string[] = [];
	const sent: string[] = [];
	const marked: Mark[] = [];
	const left: number[] = [];
	let beforeRead = async (): Promise<void> => {};
	const users = new Map([
		['token-1', { id: 1, name: 'ann' }],
		['token-2', { id: 2, name: 'bob' }],
	]);
	const handlers: HandlersOf<'logic'> = {
		...unusedMethods,
		'logic.membersChanged': async () => ({}),
		'logic.endedSessions': async () => ({ ended: [] }),
		'logic.recentlyEnded': async () => ({ ids: [] }),
		'logic.heads': async ({ keys }) => ({ heads: keys.map((key) => entriesOf(key).length) }),
		'logic.read': async ({ key, after, limit }) => {
			reads.push(key);
			await beforeRead();
			return { entries: entriesOf(key).slice(after, after + limit) };
		},
		// The first after a position, or the newest.
		'logic.history': async ({ conv, after, limit }) => {
			const missed = entriesOf(conv).slice(after ?? 0);
			const items = after === undefined ? missed.slice(-limit) : missed.slice(0, limit);
			return { items: items.map((entry) => entry.message), more: missed.length > limit };
		},
		'logic.join': async ({ roomId }) => {
			const name = roomId < firstNamedRoom ? null : 'General';
			return { head: entriesOf(`room:${roomId}`).length, read: 0, delivered: 0, name };
		},
		'logic.online': async ({ userIds }) => ({
			userIds: userIds.filter((id) => [...users.values()].some((user) => user.id === id)),
		}),
		'logic.leave': async ({ roomId }) => {
			left.push(roomId);
			return {};
		},
		'logic.receipts': async ({ conv }) => ({
			items: conv === 'room:2' ? null : [{ userId: 2, delivered: 3, read: 1 }],
		}),
		'logic.members': async () => ({ at: 1, count: 0, members: [] }),
		'logic.mark': async ({ marks }) => {
			marked.push(...marks);
			return {};
		},
		'logic.enter': async ({ token, convs }) => {
			const user = users.get(token);
			if (user === undefined) throw new ChatError('unauthorized');
			return {
				user,
				session: { id: `session of ${token}`, expiresAt: Date.now() + 60_000 },
				inboxHead: entriesOf(`user:${user.id}`).length,
				convs: convs.map((conv) => ({ head: entriesOf(conv).length, read: 0, delivered: 0 })),
			};
		},
		'logic.send': async ({ body, ref }) => {
			sent.push(body);
			return { conv: 'room:1', seq: sent.length, id: '1', at: 1, ref };
		},
	};
	const rpc = createEmbeddedRpc();
	const routes = createEmbeddedRoutes();
	await rpc.serve('logic', 'logic', handlers);
	const metrics = createMetrics();
	const { limits } = loadConfig({ environment: {}, assignments: [] });
	const server = new ConnectServer({
		serverId: 'connect',
		limits: { ...limits, ...changes.limits },
		mostConnections: changes.mostConnections ?? 10_000,
		rpc,
		routes,
		logger: pino({ level: 'silent' }),
		metrics: metrics.of('connect-ws'),
		sampleIntervalMs: 10,
		drainMs: changes.drainMs ?? 1500,
		config: {
			buckets: 4,
			flush_ms: 2,
			max_unsent_bytes: 1_048_576,
			slow_timeout_ms: changes.slowMs ?? 100,
			heads_interval_ms: 50,
			gap_hold_ms: 10,
			auth_timeout_ms: 600,
			ping_interval_ms: changes.pingMs ?? 60_000,
			ping_timeout_ms: changes.pingTimeoutMs ?? changes.pingMs ?? 60_000,
			presence_interval_ms: 50,
			resume_messages: changes.resumeMessages ?? 1000,
			mark_interval_ms: 5,
			heartbeat_ms: 5000,
		},
	});
	await server.start();

	const connect = (codec: Codec = gochatWebSocket, address?: string) => {
		const client = new Client();
		const channel = server.open(client, codec, address);
		client.follows = () => channel.left();
		const raw = (payload: Buffer) => server.received(channel, payload);
		return { client, channel, raw, send: (frame: object) => raw(Buffer.from(JSON.stringify(frame))) };
	};

	return {
		server,
		/** The value of a metric. */
		metric: reader(metrics),
		routes,
		reads,
		sent,
		marked,
		left,
		connect,
		tschat: (address?: string) => connect(tschatWebSocket, address),
		/** How often each limit was met that was. */
		refusals: async (): Promise<Record<string, number>> => {
			const counted = (await metrics.text()).matchAll(
				/^tschat_limit_refusals_total\{.*limit="(\w+)".*\} ([1-9]\d*)$/gm,
			);
			return Object.fromEntries(Array.from(counted, ([, limit, count]) => [limit, Number(count)]));
		},
		/** The store was replaced by an older one. */
		truncate: (roomId: number, head: number) => entriesOf(`room:${roomId}`).splice(head),
		headOf: (roomId: number) => entriesOf(`room:${roomId}`).length,
		leave: (channel: Channel, roomId: number) =>
			server.received(channel, Buffer.from(JSON.stringify({ type: 'leave', conv: `room:${roomId}` }))),
		/** What reading the log waits for from now on. */
		beforeReads: (wait: () => Promise<void>) => {
			beforeRead = wait;
		},
		/** Connects with protocol v2, and waits for the welcome. */
		hello: async (token: string, resume: { cursors?: Record<string, number>; inbox?: number } = {}) => {
			const { client, channel, send } = connect(tschatWebSocket);
			send({ type: 'hello', token, ...resume });
			await client.until((seen) => seen.closed !== undefined || seen.of('welcome').length > 0);
			return { client, channel, send };
		},
		/** Connects, joins, and waits until messages for the room are routed here. */
		join: async (token: string, roomId: number) => {
			const { client, channel, send } = connect();
			send({ authToken: token, roomId });
			const user = users.get(token);
			while (user !== undefined && !(await routes.room(roomId, 500)).members?.some(({ id }) => id === user.id)) {
				await new Promise((resolve) => setImmediate(resolve));
			}
			return { client, channel, send };
		},
		/** Appends to a room's log; the item that would go through the queue. */
		append: (roomId: number, body: string, more: Partial<Message> = {}): QueueItem => {
			const entries = entriesOf(`room:${roomId}`);
			const pos = entries.length + 1;
			const appended = message(pos, { conv: `room:${roomId}`, body, ...more });
			entries.push({ pos, message: appended });
			return { type: 'message', feeds: [{ key: `room:${roomId}`, pos }], message: appended };
		},
		/** Appends a direct message to its conversation and to the inboxes of both users. */
		appendDirect: (from: number, to: number, body: string, ref = 'r'): QueueItem => {
			const conversation = entriesOf('dm:1:2');
			const seq = conversation.length + 1;
			const direct = message(seq, {
				conv: 'dm:1:2',
				from: { id: from, name: 'x' },
				to: { id: to, name: 'y' },
				body,
				ref,
			});
			conversation.push({ pos: seq, message: direct });
			const positions = [from, to].map((id) => {
				const entries = entriesOf(`user:${id}`);
				entries.push({ pos: entries.length + 1, message: direct });
				return { key: `user:${id}` as const, pos: entries.length };
			});
			return { type: 'message', feeds: positions, message: direct };
		},
		deliver: (...items: QueueItem[]) => server.handlers['connect.deliver']({ items }),
		stop: async () => {
			await server.stop();
			await rpc.close();
			await routes.close();
		},
	};
};
