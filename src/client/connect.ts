import type { UserV2 } from '../protocol/v2/values.ts';
import type { BackoffOptions } from './backoff.ts';
import { Chat } from './chat.ts';
import { TschatError } from './errors.ts';
import type { WebSocketConstructor } from './hosts.ts';
import { serversOf, type Whereabouts } from './servers.ts';
import { memoryStore, type Store } from './store.ts';

/** Where to connect, and as whom. One of `api`, `url` and `urls` is needed. */
export interface ConnectOptions extends Whereabouts {
	/** Base of the REST API: it is asked for the servers that are alive before each attempt. */
	readonly api?: string | undefined;
	/** A server, as in `wss://chat.example/ws`. */
	readonly url?: string | undefined;
	/** Servers that are tried in this order; those that did not answer the last time come after the others. */
	readonly urls?: readonly string[] | undefined;
	/** What `signIn` or `register` told. */
	readonly token: string;
	/** The user of the token: lets `chat.direct` work before the first connection. */
	readonly user?: UserV2 | undefined;
	/** What the user calls this program or machine; up to 64 characters. */
	readonly device?: string | undefined;
	/** Keeps positions and unsent messages for the next client; none are kept unless told. */
	readonly store?: Store | undefined;
	/** The host's own unless told; Node has one from version 22 on, for earlier ones there is the `ws` package's. */
	readonly WebSocket?: WebSocketConstructor | undefined;
	readonly backoff?: BackoffOptions | undefined;
	/**
	 * How long a server may take to accept a connection and to say welcome, in milliseconds: 15,000 unless told. While there is
	 * another one to try, 5,000 at most.
	 */
	readonly timeoutMs?: number | undefined;
	/** Messages that may wait to be sent: 1,000 unless told. */
	readonly maxUnsent?: number | undefined;
	/** A gap of more messages than this is skipped with the event `reset`: 10,000 unless told. */
	readonly maxGap?: number | undefined;
}

/**
 * Connects, and stays connected until `chat.close()` or until the server says not to come back. Throws when the options cannot work.
 *
 * ```ts
 * const api = 'https://chat.example/api';
 * const chat = connect({ api, ...(await signIn({ api, name: 'demo', password: '111111' })) });
 * chat.on('message', ({ from, body }) => console.log(from.name, body));
 * await chat.room(1).join();
 * await chat.room(1).send('hello');
 * ```
 */
export const connect = ({
	token,
	user,
	device,
	store = memoryStore(),
	WebSocket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket,
	backoff = {},
	timeoutMs = 15_000,
	maxUnsent = 1000,
	maxGap = 10_000,
	...whereabouts
}: ConnectOptions): Chat => {
	if (WebSocket === undefined) {
		throw new TschatError(
			'bad-request',
			'this host has no WebSocket: give connect one, as `WebSocket` of the ws package',
		);
	}
	const servers = serversOf(whereabouts);
	return new Chat({ servers, WebSocket, token, user, device, store, backoff, timeoutMs, maxUnsent, maxGap });
};
