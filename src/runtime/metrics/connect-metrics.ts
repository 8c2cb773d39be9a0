import { amounts, type Declarations, durations, gateways } from './declaration.ts';

/** What the two gateways count. */
export const connectMetrics = {
	tschat_connections: { kind: 'gauge', help: 'Open client connections.', labels: [], modules: gateways },
	tschat_connections_limit: {
		kind: 'gauge',
		help: 'Connections that the process may have, those of all its modules together.',
		labels: [],
		modules: gateways,
	},
	tschat_connected_users: {
		kind: 'gauge',
		help: 'Users with a connection here. One who is connected to two servers counts on both.',
		labels: [],
		modules: gateways,
	},
	tschat_rooms: {
		kind: 'gauge',
		help: 'Rooms that somebody here follows. One with followers on two servers counts on both.',
		labels: [],
		modules: gateways,
	},
	tschat_messages_delivered_total: {
		kind: 'counter',
		help: 'Messages written to client connections, each reader counted.',
		labels: [],
		modules: gateways,
	},
	tschat_delivery_duration_seconds: {
		kind: 'histogram',
		help: 'From the time of a message, which logic gives it when it arrives there, to when a connect server has written it to its last reader here. Once for each message and server; a direct message counts for its recipient. What is resumed does not count.',
		labels: [],
		buckets: durations,
		modules: gateways,
	},
	tschat_flush_messages: {
		kind: 'histogram',
		help: 'Messages that one flush of a feed wrote together.',
		labels: [],
		buckets: amounts,
		modules: gateways,
	},
	tschat_edge_gaps_total: {
		kind: 'counter',
		help: 'Feeds found to lack messages: because a later one came (`order`), or by comparison with the head of the log (`heads`). Most close by themselves; those that do not are repaired.',
		labels: ['found_by'],
		modules: gateways,
	},
	tschat_edge_repaired_messages_total: {
		kind: 'counter',
		help: 'Messages that had to be fetched from the log because they did not come by the queue.',
		labels: [],
		modules: gateways,
	},
	tschat_catch_ups_total: {
		kind: 'counter',
		help: 'Feeds of clients that were caught up from the log: those that came back or joined (`return`), or read too slowly for what is live (`slow`).',
		labels: ['cause'],
		modules: gateways,
	},
	tschat_catch_up_messages_total: {
		kind: 'counter',
		help: 'Messages written while clients were caught up. They are among those delivered.',
		labels: [],
		modules: gateways,
	},
	tschat_connection_closes_total: {
		kind: 'counter',
		help: 'Connections that ended, by the reason of this server (docs/protocol.md), or `client` if the client left or its connection broke.',
		labels: ['reason'],
		modules: gateways,
	},
	tschat_limit_refusals_total: {
		kind: 'counter',
		help: 'Connections, frames and requests that a limit refused or slowed down.',
		labels: ['limit'],
		modules: [...gateways, 'api', 'site', 'logic'],
	},
	tschat_frames_received_total: {
		kind: 'counter',
		help: 'Frames of clients by type; `undecodable` if the protocol was broken, `invalid` if the type is unknown or a field is wrong.',
		labels: ['type'],
		modules: gateways,
	},
	tschat_frames_refused_total: {
		kind: 'counter',
		help: 'Frames of clients that were answered with an error, by its key (docs/errors.md).',
		labels: ['error'],
		modules: gateways,
	},
} as const satisfies Declarations;
