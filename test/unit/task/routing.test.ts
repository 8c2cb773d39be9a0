import { describe, expect, test } from 'vitest';
import { ChatError } from '../../../src/protocol/errors.ts';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { decode } from '../../../src/task/decode.ts';
import { routeDeliveries } from '../../../src/task/routing.ts';
import { message } from '../../support/messages.ts';

const logger = createLogger('silent', { module: 'task', serverId: 'test' });
const user = { id: 7, name: 'ann' };
const items: QueueItem[] = [
	{ type: 'room', roomId: 1, at: 1, count: 0, members: null },
	{ type: 'message', feeds: [{ key: 'room:1', pos: 1 }], message: message(1) },
	{ type: 'receipt', feeds: ['user:7', 'room:1'], conv: 'room:1', userId: 7, delivered: 1, read: 1 },
	{ type: 'typing', feeds: ['room:1'], conv: 'room:1', user },
];

/** What one server with all readers gets when the directory answers the second question only, at least 50 ms late. */
const typesRouted = async (maxEphemeralAgeMs: number): Promise<string[]> => {
	let asked = 0;
	const routes = {
		serversOf: async (keys: readonly string[]) => {
			asked += 1;
			if (asked === 1) throw new ChatError('unavailable');
			return keys.map(() => ['connect-1']);
		},
	};
	const deliveries = items.map((item) => decode(JSON.stringify(item)));
	const { signal } = new AbortController();
	const byServer = await routeDeliveries(deliveries, { routes, logger, signal, maxEphemeralAgeMs });
	return (byServer?.get('connect-1') ?? []).map((delivery) => delivery.item.type);
};

describe('routing', () => {
	test('after a short outage of the directory everything is routed, each item once to a server', async () => {
		expect(await typesRouted(60_000)).toEqual(['room', 'message', 'receipt', 'typing']);
	});

	test('after a long one only messages are: who came, typed or read then is of no interest any more', async () => {
		expect(await typesRouted(20)).toEqual(['message']);
	});
});
