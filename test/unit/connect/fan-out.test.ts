import { expect, test } from 'vitest';
import { startConnectServer } from './harness.ts';

const busyFor = (ms: number): void => {
	const end = performance.now() + ms;
	while (performance.now() < end);
};

test('while the event loop has no time left, a write carries more and more messages; all come, in order', async () => {
	const connect = await startConnectServer();
	const { client } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
	await connect.hello('token-2', { cursors: { 'room:1': 0 } });
	const before = client.writes;
	const sent: string[] = [];
	for (const end = performance.now() + 2000; performance.now() < end; ) {
		const body = `m${sent.length}`;
		sent.push(body);
		await connect.deliver(connect.append(1, body));
		busyFor(4);
		await new Promise((resolve) => setImmediate(resolve));
	}
	await client.until(() => client.of('message').length === sent.length);
	expect(client.of('message').map(({ body }) => body)).toEqual(sent);
	// One each 5 ms would be 400.
	expect(client.writes - before).toBeLessThan(100);

	// After a quiet second all is as before: the second of two messages waits for 5 ms, not for the half second of the rush.
	await new Promise((resolve) => setTimeout(resolve, 1000));
	const asked = performance.now();
	for (const body of ['first', 'second']) {
		await connect.deliver(connect.append(1, body));
		await client.until(() => client.of('message').at(-1)?.body === body);
	}
	expect(performance.now() - asked).toBeLessThan(90);
	await connect.stop();
});
