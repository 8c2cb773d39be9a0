import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';
import { PacketReader, stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import { Watched } from './watched.ts';

/** A frame as gochat's clients get it. */
export interface GochatFrame {
	readonly op: number;
	readonly msg?: string;
	readonly fromUserId?: number;
	readonly fromUserName?: string;
	readonly toUserId?: number;
	readonly roomId?: number;
	readonly count?: number;
	readonly roomUserInfo?: Record<string, string>;
	readonly seq?: number;
	readonly conv?: string;
	readonly id?: string;
}

export interface ApiAnswer {
	readonly code: number;
	readonly message: string;
	readonly data: unknown;
}

/** Posts to gochat's HTTP API; the answer's body. */
export const post = async (apiUrl: string, path: string, body: unknown): Promise<ApiAnswer> => {
	const response = await fetch(apiUrl + path, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return (await response.json()) as ApiAnswer;
};

/** Registers a user of this name, or logs one in who is registered already; the token. */
export const tokenOf = async (apiUrl: string, userName: string, passWord = '111111'): Promise<string> => {
	const registered = await post(apiUrl, '/user/register', { userName, passWord });
	if (registered.code === 0) return String(registered.data);
	const loggedIn = await post(apiUrl, '/user/login', { userName, passWord });
	if (loggedIn.code !== 0) throw new Error(`no session for ${userName}: ${registered.message}, ${loggedIn.message}`);
	return String(loggedIn.data);
};

/** What a client has received, with a way to wait for more. */
export class Received extends Watched {
	readonly frames: GochatFrame[] = [];
	closed = false;

	add(frame: GochatFrame): void {
		this.frames.push(frame);
		this.changed();
	}

	end(): void {
		this.closed = true;
		this.changed();
	}

	protected override describe(): string {
		return `${this.frames.length} frames, closed ${this.closed}, last ${JSON.stringify(this.frames.slice(-5))}`;
	}

	/** Bodies of the messages (op 2 and 3), in the order of arrival. */
	messages(): string[] {
		return this.frames.flatMap(({ op, msg }) => ((op === 2 || op === 3) && msg !== undefined ? [msg] : []));
	}

	frame(matches: (frame: GochatFrame) => boolean, what = 'a frame', timeoutMs?: number): Promise<GochatFrame> {
		return this.until(() => this.frames.find(matches), what, timeoutMs);
	}

	message(body: string, timeoutMs?: number): Promise<GochatFrame> {
		return this.frame(({ op, msg }) => (op === 2 || op === 3) && msg === body, `message "${body}"`, timeoutMs);
	}
}

export interface GochatClient {
	readonly received: Received;
	/** Resolves with the WebSocket close code, or 0 for TCP. */
	readonly closed: Promise<number>;
	close(): void;
}

/** A WebSocket client as gochat's page: sends the one frame, and waits until its room has a list or a count with it. */
export const webSocketClient = async (
	url: string,
	authToken: string,
	roomId: number,
): Promise<GochatClient & { readonly socket: WebSocket }> => {
	const socket = new WebSocket(url);
	const received = new Received();
	const closed = new Promise<number>((resolve) => {
		socket.on('close', (code) => {
			received.end();
			resolve(code);
		});
	});
	socket.on('error', () => {});
	socket.on('message', (data) => received.add(JSON.parse(String(data))));
	await once(socket, 'open');
	socket.send(JSON.stringify({ authToken, roomId }));
	return { socket, received, closed, close: () => socket.close() };
};

/** A TCP client: authenticates, joins, and can send. */
export const tcpClient = async (
	port: number,
	authToken: string,
	roomId: number,
	dial: (port: number) => Socket = (to) => connect(to, '127.0.0.1'),
): Promise<GochatClient & { readonly socket: Socket; send(frame: object): void }> => {
	const socket = dial(port);
	const received = new Received();
	const reader = new PacketReader();
	const closed = new Promise<number>((resolve) => {
		socket.on('close', () => {
			received.end();
			resolve(0);
		});
	});
	socket.on('error', () => {});
	socket.on('data', (chunk) => {
		for (const body of reader.read(chunk)) {
			const text = body.toString();
			if (text !== 'ping msg') received.add(JSON.parse(text));
		}
	});
	await once(socket, 'connect');
	const send = (frame: object) => void socket.write(stickyPacket(JSON.stringify(frame)));
	send({ op: 6, authToken, roomId });
	return { socket, received, closed, send, close: () => socket.destroy() };
};

/** Resolves once the client is in its room: the room is told of each join. */
export const joined = (client: GochatClient, userName: string): Promise<GochatFrame> =>
	client.received.frame(
		({ op, roomUserInfo }) => op === 5 && Object.values(roomUserInfo ?? {}).includes(userName),
		`the member list with ${userName}`,
	);
