const firstDelayMs = 500;
const longestDelayMs = 20_000;
const openTimeoutMs = 10_000;
/** The server says nothing when a room is joined; the room's member list follows. If none does, we are in it all the same. */
const joinedAfterMs = 3_000;
const op = { count: 4, room: 5 };

/**
 * Keeps a socket to one room open: authenticates, and comes back after a loss, with back-off and jitter.
 *
 * - `onFrame(frame)`: each frame of the server;
 * - `onState('connecting' | 'online' | 'offline')`; online once the room is joined, so that what is sent after it arrives;
 * - `onStopped(reason)`: the server does not want this session back.
 *
 * Returns a function that closes it for good.
 */
export const connectLive = ({ url, token, roomId, onFrame, onState, onStopped }) => {
	let socket;
	let closed = false;
	let failures = 0;
	let retryTimer;
	let progressTimer;

	const joined = () => {
		clearTimeout(progressTimer);
		failures = 0;
		onState('online');
	};

	const open = () => {
		clearTimeout(retryTimer);
		let isJoined = false;
		socket = new WebSocket(url);
		progressTimer = setTimeout(() => socket.close(), openTimeoutMs);
		socket.onopen = () => {
			socket.send(JSON.stringify({ authToken: token, roomId }));
			clearTimeout(progressTimer);
			progressTimer = setTimeout(joined, joinedAfterMs);
		};
		socket.onmessage = ({ data }) => {
			const frame = JSON.parse(data);
			onFrame(frame);
			if (!isJoined && (frame.op === op.count || frame.op === op.room)) {
				isJoined = true;
				joined();
			}
		};
		socket.onclose = ({ code, reason }) => {
			clearTimeout(progressTimer);
			if (closed) return;
			if (code >= 4500 && code <= 4999) {
				closed = true;
				onStopped(reason);
				return;
			}
			onState('offline');
			const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** failures++);
			retryTimer = setTimeout(open, longest * (0.5 + Math.random() / 2));
		};
	};

	const networkIsBack = () => {
		if (socket.readyState === WebSocket.CLOSED) open();
	};
	const networkIsGone = () => socket.close();
	addEventListener('online', networkIsBack);
	addEventListener('offline', networkIsGone);
	onState('connecting');
	open();

	return () => {
		closed = true;
		clearTimeout(retryTimer);
		clearTimeout(progressTimer);
		removeEventListener('online', networkIsBack);
		removeEventListener('offline', networkIsGone);
		socket.close();
	};
};
