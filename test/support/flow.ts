import type { Received } from './gochat-client.ts';
import { post } from './gochat-client.ts';

export interface Flow {
	/** Bodies that were answered with success. */
	readonly accepted: ReadonlySet<string>;
	/** Resolves once so many more messages have been accepted. */
	more(count: number, timeoutMs?: number): Promise<void>;
	/** Ends the flow; resolves when every message that was begun has been accepted. */
	stop(): Promise<void>;
}

const lanes = 8;

/**
 * Sends messages into a room over HTTP, several at a time, until it is stopped. A message whose answer fails to come, or
 * says no, is sent again under the same `ref` until it is accepted: so at the end exactly `accepted` must be in the log.
 */
export const startFlow = (apiUrl: string, authToken: string, roomId: number): Flow => {
	const accepted = new Set<string>();
	const listeners = new Set<() => void>();
	const name = Math.random().toString(36).slice(2, 8);
	let next = 0;
	let stopped = false;

	const sendOne = async (): Promise<void> => {
		const msg = `${name}-${next}`;
		next += 1;
		for (;;) {
			const answer = await post(apiUrl, '/push/pushRoom', { authToken, msg, roomId, ref: msg }).catch(() => undefined);
			if (answer?.code === 0) break;
			await new Promise((resolve) => setTimeout(resolve, 25));
		}
		accepted.add(msg);
		for (const listener of listeners) listener();
	};
	const running = Promise.all(
		Array.from({ length: lanes }, async () => {
			while (!stopped) await sendOne();
		}),
	);

	return {
		accepted,
		more: (count, timeoutMs = 20_000) =>
			new Promise((resolve, reject) => {
				const target = accepted.size + count;
				const timer = setTimeout(() => {
					listeners.delete(look);
					reject(new Error(`${accepted.size} messages accepted, ${target} wanted in ${timeoutMs} ms`));
				}, timeoutMs);
				const look = () => {
					if (accepted.size < target) return;
					clearTimeout(timer);
					listeners.delete(look);
					resolve();
				};
				listeners.add(look);
			}),
		stop: async () => {
			stopped = true;
			await running;
		},
	};
};

/** What a reader of a room must have seen: everything that was accepted, once, in the order of the log, without a gap. */
export const seen = async (received: Received, accepted: ReadonlySet<string>, timeoutMs = 20_000) => {
	await received.until(
		() => (received.messages().filter((body) => accepted.has(body)).length >= accepted.size ? true : undefined),
		`${accepted.size} messages`,
		timeoutMs,
	);
	const frames = received.frames.filter(({ op, msg }) => op === 3 && accepted.has(msg ?? ''));
	const first = frames[0]?.seq ?? 0;
	return {
		bodies: frames.map(({ msg }) => msg ?? ''),
		inOrder: frames.every(({ seq }, index) => seq === first + index),
	};
};
