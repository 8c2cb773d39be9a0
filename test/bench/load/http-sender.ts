import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import { bodyOf } from './marker.ts';
import type { Send } from './open-loop.ts';

/** A POST request as text, in front of the message's body and behind it. */
export interface Post {
	readonly before: string;
	readonly after: string;
}

type Done = (problem?: string) => void;

/** gochat's API answers with status 200 whatever happens, and tells by a code. */
const refused = (status: number, body: string): string | undefined =>
	status < 200 || status > 299 || /"code": ?(?!0\D)/.test(body) ? `${status} ${body}` : undefined;

const shared = Buffer.allocUnsafeSlow(65_536);

/** A keep-alive connection, with one request at a time. */
class Connection {
	readonly #socket: Socket;
	readonly #onFree: (connection: Connection) => void;
	#done: Done | undefined;
	#why = 'the server ended the connection';
	open = true;

	constructor(url: URL, onFree: (connection: Connection) => void) {
		this.#onFree = onFree;
		const reader = new AnswerReader((status, body) => this.#settle(refused(status, body)));
		this.#socket = connect({
			host: url.hostname,
			port: Number(url.port || 80),
			noDelay: true,
			onread: {
				buffer: shared,
				callback: (length) => {
					try {
						reader.read(shared.toString('latin1', 0, length));
					} catch (error) {
						this.#socket.destroy(error instanceof Error ? error : undefined);
					}
					return true;
				},
			},
		});
		this.#socket.on('error', (error) => {
			this.#why = error.message;
		});
		this.#socket.on('end', () => {
			this.open = false;
		});
		this.#socket.on('close', () => {
			this.open = false;
			this.#settle(this.#why);
		});
	}

	post(request: string, done: Done): void {
		this.#done = done;
		this.#socket.write(request, 'latin1');
	}

	close(): void {
		this.#socket.destroy();
	}

	#settle(problem: string | undefined): void {
		const done = this.#done;
		this.#done = undefined;
		if (done === undefined) return;
		if (this.open) this.#onFree(this);
		done(problem);
	}
}

/**
 * Sends by HTTP, on as many connections as there are unanswered requests. The one that became free last is used first, so that
 * those that a server closes for their silence are not missed.
 */
export const httpSender = (http: string, posts: readonly Post[], bodyBytes: number): { send: Send; close(): void } => {
	const url = new URL(http);
	const all = new Set<Connection>();
	const free: Connection[] = [];

	const connection = (): Connection => {
		for (let last = free.pop(); last !== undefined; last = free.pop()) {
			if (last.open) return last;
			all.delete(last);
		}
		const made = new Connection(url, (one) => free.push(one));
		all.add(made);
		return made;
	};

	return {
		send: (index, dueAt, done) => {
			const post = posts[index % posts.length];
			if (post === undefined) return done('there is no route');
			connection().post(post.before + bodyOf(index, dueAt, bodyBytes) + post.after, done);
		},
		close: () => {
			for (const one of all) one.close();
		},
	};
};
