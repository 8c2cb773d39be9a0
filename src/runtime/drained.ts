import type { Socket } from 'node:net';

/** Resolves when nothing written to a socket waits in this process any more, or the socket is closed. */
export const drained = (socket: Socket): Promise<void> =>
	new Promise((resolve) => {
		if (socket.destroyed || socket.writableLength === 0) return resolve();
		const done = () => {
			socket.off('close', done);
			resolve();
		};
		socket.on('close', done);
		// Called when all that was written before is with the kernel; `drain` only comes after a full buffer.
		socket.write('', done);
	});

interface StreamHandle {
	readonly writeQueueSize?: number;
	/** Of a TLS handle: that of the connection beneath. */
	readonly _parent?: StreamHandle;
}

/**
 * What the kernel has not taken of the write that is under way. Node counts all that was piled up and goes out as one write as
 * unsent until its last byte is; its own idle time-outs look at the same number. Over TLS that number stands still too (seen on
 * Node 20: 12 MB went out while it stayed the same), and what moves is that of the connection beneath.
 */
export const writeProgress = (socket: Socket): number => {
	const handle = (socket as { _handle?: StreamHandle | null })._handle;
	return (handle?._parent ?? handle)?.writeQueueSize ?? 0;
};
