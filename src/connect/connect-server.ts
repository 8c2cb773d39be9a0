import { nanoid } from 'nanoid';
import type { RouteDirectory, RouteEntry, RoutePublisher } from '../ports/route-directory.ts';
import type { RpcClient } from '../ports/rpc.ts';
import { type FeedKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { Message } from '../protocol/message.ts';
import type { QueueItem } from '../protocol/queue-items.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';
import { Admission } from './admission.ts';
import { CatchUp } from './catch-up.ts';
import { Channel } from './channel.ts';
import type { Codec } from './codec.ts';
import { type Counts, createCounts } from './counts.ts';
import { DeliverySpans } from './delivery-spans.ts';
import { Ephemeral } from './ephemeral.ts';
import { FanOut } from './fan-out.ts';
import type { Feed } from './feed.ts';
import { Feeds } from './feeds.ts';
import { Heartbeat } from './heartbeat.ts';
import { Inbound } from './inbound.ts';
import { InboundRate } from './inbound-rate.ts';
import { Marks } from './marks.ts';
import { createMemoryShare } from './memory-share.ts';
import { Presence } from './presence.ts';
import { type CountRefusal, createRefusals } from './refusals.ts';
import { Repairer } from './repairer.ts';
import { RoomEvents } from './room-events.ts';
import { RouteSync } from './route-sync.ts';
import { Sessions } from './sessions.ts';
import { Stats } from './stats.ts';
import type { Transport } from './transport.ts';

interface Options {
	readonly serverId: string;
	readonly config: Config['connect'];
	readonly limits: Config['limits'];
	/** Most connections of the process. */
	readonly mostConnections: number;
	readonly rpc: RpcClient;
	readonly routes: RouteDirectory;
	readonly logger: Logger;
	readonly metrics: Metrics;
	/** How long a stop may deal with what was read before. */
	readonly drainMs: number;
	/** Time between two samples of what it carries. */
	readonly sampleIntervalMs?: number;
}

/** Clients of a server that stops come back at about 1,000 a second. */
const spreadMsPerClient = 1;
const longestSpreadMs = 10_000;

/** The heart of both gateways: connections in buckets and rooms, feeds in order, messages out. */
export class ConnectServer {
	/** Which connections a gateway may open; it asks before it does. */
	readonly admission: Admission;
	/** Counts what a gateway refuses by itself. */
	readonly refused: CountRefusal;
	readonly #options: Options;
	readonly #channels = new Set<Channel>();
	readonly #feeds: Feeds;
	readonly #fanOut: FanOut;
	readonly #spans = new DeliverySpans();
	readonly #catchUp: CatchUp;
	readonly #repairer: Repairer;
	readonly #routeSync: RouteSync;
	readonly #presence: Presence;
	readonly #roomEvents: RoomEvents;
	readonly #ephemeral: Ephemeral;
	readonly #marks: Marks;
	readonly #sessions: Sessions;
	readonly #heartbeat: Heartbeat;
	readonly #rate: InboundRate;
	readonly #inbound: Inbound;
	readonly #stats: Stats;
	readonly #counts: Counts;
	#publisher: RoutePublisher | undefined;

	constructor(options: Options) {
		this.#options = options;
		const { config, limits, mostConnections, rpc, logger, serverId, metrics } = options;
		const refused = createRefusals(metrics);
		this.refused = refused;
		this.admission = new Admission({
			limits,
			mostConnections,
			memoryShare: createMemoryShare({ high: limits.connections_memory_percent / 100 }),
			refused,
		});
		this.#counts = createCounts(metrics);
		this.#feeds = new Feeds({ buckets: config.buckets, onUser: (key, user) => this.#routeSync.changed(key, user) });
		this.#fanOut = new FanOut({
			flushMs: config.flush_ms,
			onBehind: (...behind) => this.#fallBehind(...behind),
			onWritten: (flush) => {
				this.#spans.written(flush.messages);
				this.#counts.written(flush);
			},
		});
		this.#rate = new InboundRate({ limits, refused });
		this.#catchUp = new CatchUp({ rpc, feeds: this.#feeds, counts: this.#counts, rate: this.#rate, logger });
		this.#repairer = new Repairer({
			rpc,
			logger,
			feeds: this.#feeds,
			accept: (feed, position, message) => this.#accept(feed, position, message),
			holdMs: config.gap_hold_ms,
			headsIntervalMs: config.heads_interval_ms,
			counts: this.#counts,
		});
		this.#routeSync = new RouteSync({
			publisher: () => this.#published(),
			feed: (key) => this.#feeds.get(key),
			onWritten: (changes) => this.#routed(changes),
			logger,
		});
		this.#presence = new Presence({ rpc, intervalMs: config.presence_interval_ms, logger });
		this.#roomEvents = new RoomEvents({ intervalMs: config.presence_interval_ms });
		this.#ephemeral = new Ephemeral({ intervalMs: config.presence_interval_ms });
		this.#marks = new Marks({ rpc, intervalMs: config.mark_interval_ms, logger });
		this.#sessions = new Sessions({ rpc, logger });
		this.#heartbeat = new Heartbeat({
			pingIntervalMs: config.ping_interval_ms,
			pingTimeoutMs: config.ping_timeout_ms,
			authTimeoutMs: config.auth_timeout_ms,
			refused,
		});
		this.#inbound = new Inbound({
			serverId,
			admission: this.admission,
			rate: this.#rate,
			refused,
			rpc,
			feeds: this.#feeds,
			sessions: this.#sessions,
			heartbeat: this.#heartbeat,
			catchUp: this.#catchUp,
			marks: this.#marks,
			roomEvents: this.#roomEvents,
			limits: {
				resumeMessages: config.resume_messages,
				heartbeatMs: config.heartbeat_ms,
				rooms: limits.rooms_per_connection,
				connections: limits.connections_per_user,
			},
			counts: this.#counts,
			logger,
		});
		const delivered = () => this.#fanOut.delivered + this.#catchUp.delivered;
		metrics.read('tschat_connections', {}, () => this.#channels.size);
		metrics.read('tschat_connections_limit', {}, () => mostConnections);
		metrics.read('tschat_connected_users', {}, () => this.#feeds.users);
		metrics.read('tschat_rooms', {}, () => this.#feeds.rooms);
		metrics.read('tschat_messages_delivered_total', {}, delivered);
		metrics.read('tschat_catch_up_messages_total', {}, () => this.#catchUp.delivered);
		this.#stats = new Stats({
			connections: () => this.#channels.size,
			rooms: () => this.#feeds.rooms,
			delivered,
		});
	}

	/** What task and logic call. */
	readonly handlers: HandlersOf<'connect'> = {
		'connect.deliver': async ({ items }) => {
			for (const item of items) this.#deliver(item);
			return {};
		},
		'connect.closeSessions': async ({ ids }) => ({ closed: this.#sessions.revoke(ids) }),
		'connect.status': async () => ({ connections: this.#channels.size }),
		'connect.stats': async () => this.#stats.now(),
	};

	async start(): Promise<void> {
		this.#publisher = await this.#options.routes.publish(this.#options.serverId, () => this.#entries());
		this.#repairer.start();
		this.#sessions.start();
		this.#heartbeat.start();
		this.#stats.start(this.#options.sampleIntervalMs);
	}

	/**
	 * Takes a new connection, of the client that limits count it for. The gateway then tells what it receives, and the channel
	 * when it was heard of and that it left.
	 */
	open(transport: Transport, codec: Codec, client: string | undefined): Channel {
		const { max_unsent_bytes, slow_timeout_ms } = this.#options.config;
		const channel = new Channel({
			id: nanoid(12),
			transport,
			codec,
			spent: this.#rate.begin(),
			maxUnsentBytes: max_unsent_bytes,
			slowTimeoutMs: slow_timeout_ms,
			onClosed: this.#forget,
			onGone: this.#gone,
		});
		this.#channels.add(channel);
		this.admission.opened(channel, client);
		this.#heartbeat.add(channel);
		return channel;
	}

	received(channel: Channel, payload: Buffer): void {
		this.#inbound.receive(channel, payload);
	}

	/** Takes a ping or pong of the client's transport. False when it sends too many to be answered. */
	heard(channel: Channel): boolean {
		if (channel.closed) {
			this.#rate.receivedLate(channel);
			return false;
		}
		channel.heardAt = performance.now();
		return this.#rate.takeNow(channel);
	}

	/** Members of these rooms may have gone with another server. */
	tellAllRooms(): void {
		const rooms = Array.from(this.#feeds.all(), (feed) => roomOf(feed.key));
		this.#presence.changed(rooms.filter((roomId) => roomId !== undefined));
	}

	/** Deals with what was read, writes what is under way, tells every client to connect elsewhere, and takes this server's entries out of the directory. */
	async stop(): Promise<void> {
		this.#heartbeat.stop();
		await this.#inbound.drain(this.#channels, this.#options.drainMs);
		this.#repairer.stop();
		this.#routeSync.stop();
		this.#presence.stop();
		this.#roomEvents.stop();
		this.#ephemeral.stop();
		this.#sessions.stop();
		this.#stats.stop();
		this.#fanOut.drain();
		const spreadMs = Math.min(longestSpreadMs, this.#channels.size * spreadMsPerClient);
		for (const channel of this.#channels) channel.close('going-away', Math.round(Math.random() * spreadMs));
		await this.#marks.stop();
		await this.#publisher?.close();
	}

	readonly #forget = (channel: Channel): void => {
		this.#counts.closed[channel.closedFor ?? 'client']();
		this.#channels.delete(channel);
		this.#inbound.forget(channel);
		this.#rate.closed(channel);
	};

	/** Until then it holds a file: a client that does not follow a close must not have another in its place. */
	readonly #gone = (channel: Channel): void => this.admission.gone(channel);

	#deliver(item: QueueItem): void {
		switch (item.type) {
			case 'message':
				if (item.traceparent !== undefined) this.#spans.received(item.message, item.traceparent);
				for (const { key, pos } of item.feeds) this.#withFeed(key, (feed) => this.#accept(feed, pos, item.message));
				break;
			case 'room':
				this.#withFeed(roomKey(item.roomId), (feed) => this.#roomEvents.offer(feed, item));
				break;
			case 'receipt':
				for (const key of item.feeds) this.#withFeed(key, (feed) => this.#ephemeral.receipt(feed, item));
				break;
			case 'typing':
				for (const key of item.feeds) this.#withFeed(key, (feed) => this.#ephemeral.typing(feed, item));
		}
	}

	/** Most items of a batch are for feeds of this server, some for those of another. */
	#withFeed(key: FeedKey, act: (feed: Feed) => void): void {
		const feed = this.#feeds.get(key);
		if (feed !== undefined) act(feed);
	}

	#accept(feed: Feed, position: number, message: Message): void {
		feed.edge.accept(position, message, (next) => this.#fanOut.offer(feed, next));
		if (feed.edge.gapped) this.#repairer.behind(feed, feed.edge.missingUpTo);
	}

	/** A reader that takes no more for now goes on from the log, as fast as it can. */
	#fallBehind(feed: Feed, channel: Channel, position: number): void {
		const following = channel.feeds.get(feed.key);
		const user = channel.identity?.user;
		if (following === undefined || user === undefined) return;
		this.#feeds.pause(following, channel, user);
		void this.#catchUp.run(channel, user, following, { after: position, head: 0, slow: true });
	}

	/** From now on messages of these feeds are routed here: one look at the head finds what passed by before. */
	#routed(changes: readonly (RouteEntry & { present: boolean })[]): void {
		const fresh: Feed[] = [];
		const rooms = new Set<number>();
		for (const { key } of changes) {
			const feed = this.#feeds.get(key);
			if (feed !== undefined && !feed.routed) {
				feed.routed = true;
				fresh.push(feed);
			}
			const roomId = roomOf(key);
			if (roomId !== undefined) rooms.add(roomId);
		}
		if (rooms.size > 0) this.#presence.changed(rooms);
		this.#repairer.compare(fresh).catch((error: unknown) => {
			this.#options.logger.debug({ err: error }, 'new feeds are compared in the next round');
		});
	}

	#published(): RoutePublisher {
		if (this.#publisher === undefined) throw new Error('the connect server has not been started');
		return this.#publisher;
	}

	*#entries(): Iterable<RouteEntry> {
		for (const feed of this.#feeds.all()) for (const { user } of feed.users.values()) yield { key: feed.key, user };
	}
}
