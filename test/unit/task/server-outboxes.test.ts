import { expect, test } from 'vitest';
import type { RpcClient } from '../../../src/ports/rpc.ts';
import type { RegistryWatch, ServiceInstance } from '../../../src/ports/service-registry.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import type { Logger } from '../../../src/runtime/logger.ts';
import { decode } from '../../../src/task/decode.ts';
import { createServerOutboxes } from '../../../src/task/server-outboxes.ts';
import { message } from '../../support/messages.ts';

const delivery = decode(
	JSON.stringify({
		type: 'message',
		feeds: [{ key: 'room:1', pos: 1 }],
		message: message(1, { conv: 'room:1' }),
	}),
);
const batch = { hold: () => {}, release: () => {} };

/** At which level it is told that the server, which answers no call, does not accept. */
const toldOf = async (serverId: string, registered: readonly string[]): Promise<string> => {
	let told = (_level: string) => {};
	const level = new Promise<string>((resolve) => {
		told = resolve;
	});
	const logger = { warn: () => told('warn'), info: () => told('info') } as unknown as Logger;
	const rpc = { call: () => Promise.reject(new ChatError('timeout')) } as unknown as RpcClient;
	const watch: RegistryWatch = {
		instances: () => registered.map((id) => ({ serverId: id }) as ServiceInstance),
		onChange: () => {},
		close: () => {},
	};
	const counts = { stalled: () => {}, givenUp: () => {} };
	const outboxes = createServerOutboxes(rpc, watch, 1000, logger, counts);
	outboxes.of(serverId).add([delivery], batch);
	try {
		return await level;
	} finally {
		await outboxes.close(0);
	}
};

test('of a server that discovery knows it is a warning that it does not accept', async () => {
	expect(await toldOf('one', ['one', 'two'])).toBe('warn');
});

test('of a server that has left, and whose readers are still in the directory, it is none', async () => {
	expect(await toldOf('one', ['two'])).toBe('info');
});
