import Type, { type Static } from 'typebox';
import { maxCursors } from '../protocol/limits.ts';

const Host = Type.String({ minLength: 1 });
/** 0 lets the system choose. */
const Port = Type.Integer({ minimum: 0, maximum: 65535 });
const portPattern = '([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const Positive = Type.Integer({ minimum: 1 });
const Milliseconds = Type.Integer({ minimum: 1, maximum: 3_600_000 });
/** A URL as browsers are told it. Its host goes into the page's content security policy, where other characters would end it. */
const PublicUrl = (scheme: 'http' | 'ws') => {
	const host = `([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:${portPattern})?`;
	return Type.String({
		pattern: `^(|/([^/\\s?#][^\\s?#]*)?|${scheme}s?://${host}(/[^\\s?#]*)?)$`,
		description: `empty, a path that begins with "/", or ${scheme}://host… or ${scheme}s://host…`,
	});
};
const FilePath = Type.String();
const section = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
	Type.Object(properties, { additionalProperties: false });

/**
 * Every setting there is. `config/default.toml` holds all of them with their defaults and a comment each;
 * `TSCHAT_<SECTION>_<KEY>` overrides one from the environment, `--set section.key=value` from the command line.
 */
export const Config = section({
	/** In production, missing or well-known secrets are refused and there are no demo users. */
	mode: Type.Union([Type.Literal('development'), Type.Literal('production')]),
	log: section({
		level: Type.Union(['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level))),
	}),
	server: section({
		/** Name of this process in discovery; empty: generated. */
		id: Type.String({ pattern: '^[A-Za-z0-9_.-]{0,64}$', description: 'up to 64 letters, digits, "_", ".", "-"' }),
		/** How long a stop may take before the process ends regardless. */
		stop_timeout_ms: Milliseconds,
	}),
	/** Where /healthz and /readyz are; every module process has its own. */
	admin: section({ enabled: Type.Boolean(), host: Host, port: Port }),
	/** Traces by OpenTelemetry. */
	tracing: section({
		/** Where spans go, by OTLP over HTTP; empty: no tracing. */
		endpoint: Type.String({ pattern: '^(|https?://.+)$', description: 'empty, or a URL (http://host:4318/v1/traces)' }),
		/** How many of the requests and frames begin a trace. */
		sample_ratio: Type.Number({ minimum: 0, maximum: 1, description: 'a number from 0 to 1' }),
		/** Whether a client's own `traceparent` is taken on, and with it the client's word on whether to record. */
		continue_clients: Type.Boolean(),
	}),
	proxy: section({
		/** Proxies whose X-Forwarded-… headers count: addresses, subnets, `loopback`, `linklocal`, `uniquelocal`, separated by commas. */
		trusted: Type.String(),
	}),
	/** PEM files of the certificate for what clients reach: site, api, connect-ws, connect-tcp. Empty: they are plain, as behind a proxy. */
	tls: section({ cert: FilePath, key: FilePath }),
	rpc: section({
		host: Host,
		port: Port,
		/** Host name or address by which other modules reach this one; empty: `host`, or the machine's own address when that is 0.0.0.0. */
		advertise: Type.String(),
		/** Shared by all modules: sent with each connection, and demanded. */
		secret: Type.String(),
		/** Accepted as well, while the secret is being changed; empty: none. */
		other_secret: Type.String(),
		/** PEM files. With all three, modules call each other over TLS, and each side demands a certificate that this CA signed. */
		tls_cert: FilePath,
		tls_key: FilePath,
		tls_ca: FilePath,
		/** Name that the certificate of whoever is called must hold; empty: the host of its address. */
		tls_name: Type.String({ pattern: '^[A-Za-z0-9._-]*$', description: 'a host name, or empty' }),
		/** In production, calls without TLS leave the machine only if others can neither read nor write on the network between modules. */
		trusted_network: Type.Boolean(),
		max_message_bytes: Type.Integer({ minimum: 65_536 }),
		deadline_ms: Milliseconds,
	}),
	redis: section({
		url: Type.String({
			pattern: '^rediss?(\\+cluster)?://.',
			description: 'redis://…, rediss://… or, for a Redis Cluster, redis+cluster://host:port,host:port',
		}),
		prefix: Type.String({ minLength: 1 }),
	}),
	etcd: section({
		hosts: Type.String({ pattern: '^https?://.', description: 'URLs (http://host:port), separated by commas' }),
		prefix: Type.String({ minLength: 1 }),
		lease_seconds: Type.Integer({ minimum: 2, maximum: 600 }),
		/** PEM file: who signs the certificates of etcd, for https hosts; empty: the public authorities. */
		ca: FilePath,
		/** PEM files: the certificate by which etcd knows this client, where it demands one. */
		cert: FilePath,
		key: FilePath,
		/** Where etcd has authentication on; empty: none. */
		user: Type.String(),
		password: Type.String(),
	}),
	store: section({
		/** sqlite:<path>, postgres://… or mysql://… */
		url: Type.String({
			pattern: '^(sqlite:.|(postgres|postgresql|mysql|mariadb)://.)',
			description: 'sqlite:<path>, postgres://… or mysql://…',
		}),
		pool_size: Type.Integer({ minimum: 1, maximum: 200 }),
		/** `process` survives kill -9, `power` also a power cut (SQLite: fsync at each commit). */
		durability: Type.Union([Type.Literal('process'), Type.Literal('power')]),
	}),
	site: section({
		host: Host,
		port: Port,
		/** Where browsers find the API and the WebSocket: a path is one of the page's own origin. */
		api_url: PublicUrl('http'),
		ws_url: PublicUrl('ws'),
	}),
	api: section({
		host: Host,
		port: Port,
		public_url: Type.String(),
		/** Comma-separated origins whose pages may read answers; `*` for any. */
		allowed_origins: Type.String({ minLength: 1 }),
		max_body_bytes: Type.Integer({ minimum: 1024 }),
	}),
	connect_ws: section({
		host: Host,
		port: Port,
		path: Type.String({ pattern: '^/', description: 'a path that begins with "/"' }),
		public_url: Type.String(),
		/** Comma-separated origins that browsers may come from; `*` for any. */
		allowed_origins: Type.String({ minLength: 1 }),
		max_frame_bytes: Type.Integer({ minimum: 512 }),
	}),
	connect_tcp: section({
		host: Host,
		ports: Type.String({
			pattern: `^${portPattern}(,${portPattern})*$`,
			description: 'ports from 0 to 65535, separated by commas',
		}),
		public_url: Type.String(),
		/** Trusted proxies begin each connection with a header that names the client (PROXY protocol, versions 1 and 2). */
		proxy_protocol: Type.Boolean(),
	}),
	connect: section({
		buckets: Type.Integer({ minimum: 1, maximum: 1024 }),
		/** A busy feed is written at most this often; an idle one at once. */
		flush_ms: Type.Integer({ minimum: 0, maximum: 1000 }),
		/** Unsent bytes at which a reader gets nothing live any more, but reads the log as fast as it can. */
		max_unsent_bytes: Type.Integer({ minimum: 65_536 }),
		/** How long a reader that is behind may take nothing at all, until it is closed. */
		slow_timeout_ms: Milliseconds,
		/** How often each followed feed is compared with its head. */
		heads_interval_ms: Milliseconds,
		/** How long a message that came early waits for the one before it, until that is fetched. */
		gap_hold_ms: Milliseconds,
		auth_timeout_ms: Milliseconds,
		ping_interval_ms: Milliseconds,
		ping_timeout_ms: Milliseconds,
		/** How long a client of protocol v2 may be silent before it pings, and so how soon it finds out that a server is gone. */
		heartbeat_ms: Milliseconds,
		/** How often member lists go out to one room, at most. */
		presence_interval_ms: Milliseconds,
		/** Messages of one conversation that a resume sends; a client that missed more is told to page the history. */
		resume_messages: Type.Integer({ minimum: 1, maximum: 100_000 }),
		/** How often acks and reads of clients go to logic. */
		mark_interval_ms: Milliseconds,
	}),
	/** What one client may take of a process; `docs/limits.md` tells what happens beyond each. */
	limits: section({
		/** Of all gateways of a process; fewer where the limit of open files leaves no more. */
		connections_total: Positive,
		/** Share of the memory at which no more are taken: of V8's heap, or of what the machine or container has. */
		connections_memory_percent: Type.Integer({ minimum: 1, maximum: 100 }),
		connections_per_address: Positive,
		/** New ones an address and second; at first and after a pause as many at once as may be open. */
		connections_per_address_second: Positive,
		/** The oldest is closed for one more. */
		connections_per_user: Positive,
		connections_unauthenticated: Positive,
		connections_unauthenticated_per_address: Positive,
		/** Frames that a user may send a second; requests for pages and lists count several times. */
		frames_per_second: Positive,
		/** How many may come at once after a pause. */
		frames_burst: Positive,
		/** So many WebSocket pings and pongs beyond the rate, which cannot wait, close the connection. */
		frames_debt: Positive,
		bytes_per_second: Type.Integer({ minimum: 1024 }),
		bytes_burst: Type.Integer({ minimum: 1024 }),
		/** What a user is given of what it missed, on one connect server. */
		resume_bytes_per_second: Type.Integer({ minimum: 1024 }),
		resume_bytes_burst: Type.Integer({ minimum: 1024 }),
		rooms_per_connection: Type.Integer({ minimum: 1, maximum: maxCursors }),
		/** Requests that an address may make to an api or site process: so many a second, and `http_request_burst` at once. */
		http_requests_per_second: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
		http_request_burst: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
		/** Calls to logic that an api process has under way at most. */
		http_calls: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
		/** Connections to an api or site process, and those of one address among them; some more are answered with an error. */
		http_connections: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
		http_connections_per_address: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
		http_header_bytes: Type.Integer({ minimum: 1024, maximum: 1_048_576 }),
		http_header_fields: Type.Integer({ minimum: 16, maximum: 10_000 }),
		/** How long the head of a request may take to arrive, and a whole request. */
		http_header_timeout_ms: Milliseconds,
		http_request_timeout_ms: Milliseconds,
		/** Answers of an api or site process that their clients have not taken yet, and those of one address among them. */
		http_unread_bytes: Type.Integer({ minimum: 1_048_576, maximum: 10_000_000_000 }),
		http_unread_bytes_per_address: Type.Integer({ minimum: 1_048_576, maximum: 10_000_000_000 }),
		/** With so many wrong passwords in a row an account is locked: for 1 s, and twice as long with each further one. */
		login_failures: Type.Integer({ minimum: 1, maximum: 1000 }),
		/** The longest such lock. */
		login_lock_ms: Type.Integer({ minimum: 1000, maximum: 86_400_000 }),
		/** The same for an address, whatever the account; one is forgotten each minute. */
		login_failures_per_address: Type.Integer({ minimum: 1, maximum: 100_000 }),
		/** Tries to register, of one address. */
		register_per_hour: Type.Integer({ minimum: 1, maximum: 100_000 }),
		/** Sessions of a user: with one more, the one that was used longest ago ends. */
		sessions_per_user: Type.Integer({ minimum: 1, maximum: 100_000 }),
		/** Rooms among a user's conversations: one more is refused, whichever are followed. */
		rooms_per_user: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
	}),
	logic: section({
		/** Most messages in one commit. */
		commit_batch: Type.Integer({ minimum: 1, maximum: 1000 }),
		/** Messages that may wait for a commit, until sends are refused as overloaded. */
		max_waiting: Type.Integer({ minimum: 1 }),
	}),
	task: section({
		batch_size: Type.Integer({ minimum: 1, maximum: 1000 }),
		/** How long a connect server may take to accept a batch. */
		deliver_timeout_ms: Milliseconds,
	}),
	auth: section({
		/** scrypt cost: N = 2^this, r = 8, p = 1. */
		scrypt_log_n: Type.Integer({ minimum: 10, maximum: 20 }),
		/** A session that is not used for so long has expired. */
		session_idle_days: Type.Integer({ minimum: 1, maximum: 3650 }),
		/** No session is valid for longer. */
		session_days: Type.Integer({ minimum: 1, maximum: 3650 }),
		/** Users demo, test and admin with password 111111, in development mode only. */
		demo_users: Type.Boolean(),
	}),
});
export type Config = Static<typeof Config>;
