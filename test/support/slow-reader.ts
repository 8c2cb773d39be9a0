import { expect } from 'vitest';
import { joined, post, tokenOf, webSocketClient } from './gochat-client.ts';

const room = 13;
/** More than the buffers on the way to one client hold. */
const bodies = Array.from({ length: 1500 }, (_, index) => `${index} ${'x'.repeat(8000)}`);
const lanes = 10;

interface Where {
	readonly apiUrl: string;
	readonly wsUrl: string;
}

/**
 * One of two members of a room takes nothing from its socket while 12 MB are said there: it is told to come back, in what it got by
 * then is no gap, and the other gets everything. For servers that bear a slow reader for a second or two.
 */
export const expectSlowReaderToComeBack = async ({ apiUrl, wsUrl }: Where): Promise<void> => {
	const [ann, bob] = await Promise.all([tokenOf(apiUrl, 'ann'), tokenOf(apiUrl, 'bob')]);
	const slow = await webSocketClient(wsUrl, ann, room);
	const quick = await webSocketClient(wsUrl, bob, room);
	await Promise.all([joined(slow, 'ann'), joined(quick, 'bob')]);
	slow.socket.pause();
	const before = quick.received.frames.length;
	const sent = Array.from({ length: lanes }, async (_, lane) => {
		for (let index = lane; index < bodies.length; index += lanes) {
			await post(apiUrl, '/push/pushRoom', { authToken: bob, roomId: room, msg: bodies[index] ?? '' });
		}
	});
	const isAlone = () => quick.received.frames.slice(before).find(({ op, count }) => op === 5 && count === 1);
	await quick.received.until(isAlone, 'a list without the slow reader', 30_000);
	slow.socket.resume();
	expect(await slow.closed).toBe(4008);
	const positions = slow.received.frames.filter(({ op }) => op === 3).map(({ seq }) => seq);
	expect(positions).toEqual(Array.from(positions, (_, index) => index + 1));
	await Promise.all(sent);
	await quick.received.until(() => (quick.received.messages().length === bodies.length ? true : undefined), 'all');
	quick.close();
};
