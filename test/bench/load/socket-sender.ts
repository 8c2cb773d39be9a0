import { randomUUID } from 'node:crypto';
import { dialects } from './dialects/all.ts';
import { startInTurn } from './in-turn.ts';
import { Link } from './link.ts';
import { bodyOf } from './marker.ts';
import type { Send } from './open-loop.ts';
import type { SocketRoute } from './plan.ts';

type Done = (problem?: string) => void;

const answer = /^\{"type":"(?:sent|error)"/;
const longestAnswerType = '{"type":"error"'.length;
const mostUnderWay = 100;

/** Sends messages of one user over one connection of protocol v2, and looks only at the answers to them. */
class Connection {
	readonly #link: Link;
	readonly #waiting = new Map<string, Done>();
	#isIn = false;

	/** `settled` is called once: with why it cannot be used, or with nothing. */
	constructor({ url, user }: SocketRoute, settled: Done) {
		const joined = () => {
			this.#isIn = true;
			settled();
		};
		const link = new Link(
			{ url, subprotocol: dialects.v2.subprotocol, localAddress: undefined },
			{
				opened: () => talk.opened(),
				text: (bytes, start, end) => {
					if (!this.#isIn) talk.text(bytes.toString('utf8', start, end));
					else if (answer.test(bytes.toString('latin1', start, Math.min(end, start + longestAnswerType)))) {
						this.#answered(bytes.toString('utf8', start, end));
					}
				},
				pong: () => {},
				closed: (why) => {
					for (const done of this.#waiting.values()) done(why);
					this.#waiting.clear();
					settled(why);
				},
			},
		);
		const talk = dialects.v2.converse({
			plan: { url, dialect: 'v2', user, roomId: 0 },
			cursor: undefined,
			send: (text) => link.send(text),
			ping: () => link.ping(),
			joined,
			standsAt: () => {},
			refused: (why) => link.close(why),
			beat: () => {},
		});
		this.#link = link;
	}

	send(ref: string, conv: string, body: string, done: Done): void {
		this.#waiting.set(ref, done);
		this.#link.send(`{"type":"send","ref":"${ref}","conv":"${conv}","kind":"text","body":"${body}"}`);
	}

	close(): void {
		this.#link.close('it has been used');
	}

	#answered(text: string): void {
		const { type, ref }: { readonly type: string; readonly ref?: string } = JSON.parse(text);
		const done = this.#waiting.get(ref ?? '');
		if (ref === undefined || done === undefined) return;
		this.#waiting.delete(ref);
		done(type === 'sent' ? undefined : text);
	}
}

/** Sends over sockets of protocol v2, one for each user and server. Resolves when all have signed in. */
export const socketSender = async (
	routes: readonly SocketRoute[],
	bodyBytes: number,
): Promise<{ send: Send; close(): void }> => {
	const nameOf = ({ url, user }: SocketRoute) => `${url} ${user.id}`;
	const distinct = [...new Map(routes.map((route) => [nameOf(route), route])).values()];
	const connections = new Map<string, Connection>();
	const close = () => {
		for (const one of connections.values()) one.close();
	};
	const problems = await new Promise<string[]>((resolve) => {
		const found: string[] = [];
		let settled = 0;
		startInTurn(distinct.length, { rate: 0, mostUnderWay }, (index, done) => {
			const route = distinct[index];
			if (route === undefined) return;
			let known = false;
			const connection = new Connection(route, (problem) => {
				if (known) return;
				known = true;
				settled += 1;
				if (problem !== undefined) found.push(problem);
				done();
				if (settled === distinct.length) resolve(found);
			});
			connections.set(nameOf(route), connection);
		});
	});
	if (problems.length > 0) {
		close();
		throw new Error(`${problems.length} of ${distinct.length} senders could not sign in: ${problems[0]}`);
	}
	// A ref names a message for ever.
	const run = randomUUID();
	return {
		send: (index, dueAt, done) => {
			const route = routes[index % routes.length];
			const connection = route && connections.get(nameOf(route));
			if (route === undefined || connection === undefined) return done('there is no route');
			connection.send(`${run}-${index}`, route.conv, bodyOf(index, dueAt, bodyBytes), done);
		},
		close,
	};
};
