import WebSocket from 'ws';
import {
	type Chat,
	type ChatEvents,
	type ConnectOptions,
	connect,
	register,
	type SignedIn,
} from '../../src/client/index.ts';

type Recorded = { [Name in keyof ChatEvents]: ChatEvents[Name][] };

/** A client of the SDK, and all that it has told. */
export interface Witness {
	readonly chat: Chat;
	readonly events: Recorded;
	/** The bodies of a conversation's messages, in the order in which they were told. */
	bodies(conv: string): string[];
	/** Resolves with the result as soon as `look` gives one: it looks at each event. */
	until<T>(look: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T>;
}

const names = [
	'state',
	'message',
	'receipt',
	'membership',
	'presence',
	'members',
	'typing',
	'reset',
	'sent',
	'failed',
	'error',
	'closed',
] as const satisfies readonly (keyof ChatEvents)[];

/** Records from now on. */
export const witness = (chat: Chat): Witness => {
	const events = Object.fromEntries(names.map((name) => [name, []])) as unknown as Recorded;
	const listeners = new Set<() => void>();
	const record = <Name extends keyof ChatEvents>(name: Name) => {
		const told: ChatEvents[Name][] = events[name];
		chat.on(name, (event) => {
			told.push(event);
			for (const listener of [...listeners]) listener();
		});
	};
	for (const name of names) record(name);
	return {
		chat,
		events,
		bodies: (conv) => events.message.filter((message) => message.conv === conv).map(({ body }) => body),
		until: (look, what, timeoutMs = 15_000) =>
			new Promise((resolve, reject) => {
				const check = () => {
					const result = look();
					if (result === undefined || result === false) return;
					clearTimeout(timer);
					listeners.delete(check);
					resolve(result);
				};
				const timer = setTimeout(() => {
					listeners.delete(check);
					const counts = names.map((name) => `${name} ${events[name].length}`).join(', ');
					reject(new Error(`${what} did not come in ${timeoutMs} ms; state ${chat.state}, events: ${counts}`));
				}, timeoutMs);
				listeners.add(check);
				check();
			}),
	};
};

/** Connects, with fast attempts and the `ws` package, unless told otherwise. */
export const sdkClient = (options: Omit<ConnectOptions, 'WebSocket'>): Witness =>
	witness(connect({ WebSocket, backoff: { minMs: 20, maxMs: 200 }, timeoutMs: 2000, ...options }));

let users = 0;

/** A user nobody else has. */
export const newUser = (api: string, name = 'user'): Promise<SignedIn> => {
	users += 1;
	return register({ api, name: `${name}-${process.pid}-${users}`, password: '111111' });
};
