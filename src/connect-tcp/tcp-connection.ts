import type { Socket } from 'node:net';
import type { Channel } from '../connect/channel.ts';
import { gochatTcp } from '../connect/codecs/gochat-v1.ts';
import { maxPacketBytes, PacketReader, packetHeaderBytes, stickyPacket } from '../connect/codecs/sticky-packet.ts';
import { isTschat, tschatTcp } from '../connect/codecs/tschat-v2.ts';
import type { ConnectServer } from '../connect/connect-server.ts';
import { heartbeatBody } from '../protocol/gochat-v1.ts';
import { drained, writeProgress } from '../runtime/drained.ts';

/** How long what is under way may take to leave before a closed connection is cut. */
const closeTimeoutMs = 2000;
/** The same of an ended session: nothing of it is open a second later. */
const revokedTimeoutMs = 100;
/** How long what a client sent before it left may take to be dealt with: one read of small frames, each at its rate, takes half of it. */
const workTimeoutMs = 60_000;
/** How long one that has left may take to follow the end of its connection. */
const endTimeoutMs = 10_000;
/** How long a client may take over one packet. */
const packetTimeoutMs = 60_000;
const keepAliveMs = 60_000;
const heartbeat = stickyPacket(heartbeatBody);

/**
 * Serves one TCP client, whom limits count as `client`: bytes to packets to the connect server, and back. Bytes that are no
 * packet close this connection alone.
 */
export const serveTcpConnection = (socket: Socket, server: ConnectServer, client: string | undefined): void => {
	const reader = new PacketReader();
	let packetBegunAt = 0;
	let first = true;
	socket.setNoDelay(true);
	socket.setKeepAlive(true, keepAliveMs);

	const channel: Channel = server.open(
		{
			write: (bytes) => void socket.write(bytes),
			unsentBytes: () => socket.writableLength,
			progress: () => writeProgress(socket),
			drained: () => drained(socket),
			maxFrameBytes: maxPacketBytes - packetHeaderBytes,
			ping: () => {
				if (reader.partial && performance.now() - packetBegunAt > packetTimeoutMs) channel.close('protocol-error');
				else if (channel.codec === gochatTcp) socket.write(heartbeat);
			},
			answersPings: false,
			pauseReading: () => void socket.pause(),
			resumeReading: () => void socket.resume(),
			close: (why) => {
				if (why === 'too-slow') socket.destroy();
				else {
					socket.end();
					// What one that floods still sends is not read any more.
					if (why === 'flooding') socket.pause();
					else socket.resume();
					setTimeout(() => socket.destroy(), why === 'revoked' ? revokedTimeoutMs : closeTimeoutMs).unref();
				}
			},
		},
		gochatTcp,
		client,
	);

	socket.on('data', (chunk) => {
		if (channel.closed) return;
		const continues = reader.partial;
		try {
			const bodies = reader.read(chunk);
			if (!continues || bodies.length > 0) packetBegunAt = performance.now();
			for (const body of bodies) {
				// The first packet tells the protocol.
				if (first && isTschat(body)) channel.codec = tschatTcp;
				first = false;
				server.received(channel, body);
			}
		} catch {
			channel.close('protocol-error');
		}
	});
	socket.on('end', () => {
		const cutAfter = (ms: number) => void setTimeout(() => socket.destroy(), ms).unref();
		const finish = () => {
			socket.end();
			cutAfter(endTimeoutMs);
		};
		if (channel.waiting === undefined) finish();
		else {
			channel.onIdle = finish;
			cutAfter(workTimeoutMs);
		}
	});
	socket.on('close', () => channel.left());
};
