import { Redis, type RedisOptions } from 'ioredis';
import { ChatError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { cureOf, Unusable, wordsOf } from '../cure.ts';

export interface RedisConnectionOptions {
	readonly logger?: Logger | undefined;
	/** Called whenever a lost connection has been made again. */
	readonly onReconnected?: (() => void) | undefined;
	/** Connects again for ever after a loss (the default); without it a lost connection stays lost. */
	readonly reconnect?: boolean;
	/** How long a reply may take until its call is rejected. A blocking command needs its block time on top. */
	readonly replyTimeoutMs?: number;
}

const REPLY_TIMEOUT_MS = 2000;
const CONNECT_TIMEOUT_MS = 2000;
/** How long a first connection that gets no answer is tried again, if it is to stay; others are tried again by whoever opens them. */
const START_PATIENCE_MS = 8000;
const MAX_BACK_OFF_MS = 500;
const silentCure = 'start it, or correct redis.url (or does it not speak TLS? then write redis:// there)';

/** `host:port` of a Redis URL: what may be shown of it, since the rest can hold a password. */
const addressOf = (url: string): string => {
	if (!URL.canParse(url)) return 'an address that is not a URL';
	const { hostname, port, pathname } = new URL(url);
	return hostname === '' ? pathname : `${hostname}:${port === '' ? '6379' : port}`;
};

/** ioredis keeps the arguments of the failed command in its errors: texts of users, at the handshake the password. Only the message is kept. */
export const messageOf = (thrown: unknown): string => {
	if (!(thrown instanceof Error)) return String(thrown);
	if (thrown.message !== '') return thrown.message;
	return 'code' in thrown ? String(thrown.code) : thrown.name;
};

/** Any failure of a Redis call as the `ChatError` that callers get. */
export const redisUnavailable = (thrown: unknown): ChatError =>
	thrown instanceof ChatError
		? thrown
		: new ChatError('unavailable', undefined, { cause: new Error(`Redis: ${messageOf(thrown)}`) });

const isTimeout = (said: string): boolean => /time.?out|ETIMEDOUT/i.test(said);

/** Why the first connection failed, and what to do. `tls`: it was tried over TLS, to which a plain Redis says nothing at all. */
export const redisUnreachable = (address: string, why: unknown, tls = false): ChatError => {
	const said = messageOf(why);
	const cure = tls && isTimeout(said) ? silentCure : cureOf('Redis', said);
	if (said.startsWith('NOAUTH')) return new Unusable(`Redis at ${address} asks for a password`, cure);
	if (said.startsWith('WRONGPASS')) return new Unusable(`Redis at ${address} refuses the password`, cure);
	return new Unusable(`cannot reach Redis at ${address} (${wordsOf(said)})`, cure);
};

/** What makes calls fail quickly on every connection, alone or of a cluster. */
export const impatient = (replyTimeoutMs = REPLY_TIMEOUT_MS) =>
	({
		connectTimeout: CONNECT_TIMEOUT_MS,
		commandTimeout: replyTimeoutMs,
		// Without data for this long, while replies are due, the connection itself is given up.
		socketTimeout: replyTimeoutMs,
		// A peer that hangs never ends its side.
		disconnectTimeout: 100,
		maxLoadingRetryTime: MAX_BACK_OFF_MS,
		autoResendUnfulfilledCommands: false,
		maxRetriesPerRequest: 0,
		disableClientInfo: true,
	}) satisfies RedisOptions;

/**
 * Connects. Rejects with `ChatError('unavailable')`, in one line without the password, if the first attempt fails.
 *
 * Calls on the connection fail quickly instead of waiting for better times: at once while it is not connected, when it is
 * lost under them (they are never sent twice), and when the reply does not come in time. A server that hangs is left for a new connection.
 */
export const openRedis = async (url: string, options: RedisConnectionOptions = {}): Promise<Redis> => {
	const { logger, onReconnected, reconnect = true, replyTimeoutMs = REPLY_TIMEOUT_MS } = options;
	const address = addressOf(url);
	const fail = (why: unknown) => redisUnreachable(address, why, url.startsWith('rediss'));
	if (!URL.canParse(url)) throw fail('not a URL');

	const end = performance.now() + (reconnect ? START_PATIENCE_MS : 0);
	for (;;) {
		try {
			return await connect(url, { logger, onReconnected, reconnect, replyTimeoutMs }, address);
		} catch (error) {
			// A machine that starts a whole cluster at once is slow to answer; a server that refuses will not change its mind.
			if (!isTimeout(messageOf(error)) || performance.now() > end) throw fail(error);
		}
	}
};

/** One attempt; rejects with what went wrong. */
const connect = async (
	url: string,
	options: RedisConnectionOptions & { readonly reconnect: boolean; readonly replyTimeoutMs: number },
	address: string,
): Promise<Redis> => {
	const { logger, onReconnected, reconnect, replyTimeoutMs } = options;
	let established = false;
	let lastError: unknown;
	const redis = new Redis(url, {
		...impatient(replyTimeoutMs),
		lazyConnect: true,
		enableOfflineQueue: false,
		retryStrategy: (attempt) => (established && reconnect ? Math.min(attempt * 50, MAX_BACK_OFF_MS) : null),
	});
	redis.on('error', (error: unknown) => {
		// While it stays unreachable the same error comes with every attempt: one line tells it.
		if (established && messageOf(lastError) !== messageOf(error)) {
			logger?.warn({ address, reason: messageOf(error) }, 'Redis connection failed');
		}
		lastError = error;
	});
	redis.on('ready', () => {
		if (established && lastError !== undefined) logger?.info({ address }, 'Redis connection is back');
		if (established) {
			lastError = undefined;
			onReconnected?.();
		}
	});
	try {
		await redis.connect();
	} catch (error) {
		redis.disconnect();
		throw lastError ?? error;
	}
	// The handshake goes on after a database number that the server refuses; we would write to another one.
	if (lastError !== undefined) {
		redis.disconnect();
		throw lastError;
	}
	established = true;
	return redis;
};
