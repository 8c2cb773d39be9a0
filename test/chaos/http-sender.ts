import { setTimeout as sleep } from 'node:timers/promises';
import type { ConversationKey } from '../../src/protocol/logs.ts';
import type { Acceptance, Attempt, Ledger } from './ledger.ts';

/** A send whose answer was an error, or did not come. It is sent again. */
export interface FailedSend {
	readonly at: number;
	readonly why: string;
}

const answerMs = 15_000;
const againMs = 100;

const reasonOf = (error: unknown): string => {
	const cause = error instanceof Error ? (error.cause ?? error) : error;
	return cause instanceof Error
		? `${(cause as { code?: string }).code ?? cause.name}: ${cause.message}`
		: String(cause);
};

/**
 * Whether a connection was reset that had just come about. The kernel does that with those which a listener has not taken when it
 * closes, and no server can keep it from doing so. `socket` is what undici tells of a connection that the other side closed.
 */
const wasNeverTaken = (error: unknown): boolean => {
	const { code, socket } = (error as { cause?: { code?: string; socket?: { bytesRead: number } } }).cause ?? {};
	return code === 'ECONNRESET' || (code === 'UND_ERR_SOCKET' && socket?.bytesRead === 0);
};

/** Sends messages over REST, and sends each again under its `ref` until it is answered, or the sender is stopped. */
export class HttpSender {
	readonly failures: FailedSend[] = [];
	/** Messages sent again at once, since nobody took the connection. Not a failure, unless it happens again. */
	resent = 0;
	/** Of messages under way. */
	underWay = 0;
	readonly #api: string;
	readonly #ledger: Ledger;
	#stopped = false;

	constructor(api: string, ledger: Ledger) {
		this.#api = api;
		this.#ledger = ledger;
	}

	/** Resolves when the message is accepted, or given up because of `stop`. */
	async send(token: string, conv: ConversationKey, text: string): Promise<void> {
		const attempt = this.#ledger.begin(conv, text);
		this.underWay += 1;
		for (let tries = 1; ; tries += 1) {
			try {
				this.#ledger.accept(attempt, await this.#post(token, conv, attempt));
				break;
			} catch (error) {
				if (tries === 1 && wasNeverTaken(error)) {
					this.resent += 1;
					continue;
				}
				this.failures.push({ at: performance.now(), why: reasonOf(error) });
				if (this.#stopped) break;
				await sleep(againMs);
			}
		}
		this.underWay -= 1;
	}

	/** From now on a message that fails is not sent again. */
	stop(): void {
		this.#stopped = true;
	}

	async #post(token: string, conv: ConversationKey, { ref, body }: Attempt): Promise<Acceptance> {
		const response = await fetch(`${this.#api}/v2/conversations/${conv}/messages`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify({ ref, body }),
			signal: AbortSignal.timeout(answerMs),
		});
		const answer = (await response.json()) as Acceptance & { error?: { key: string } };
		if (response.status !== 201) throw new Error(`${response.status} ${answer.error?.key}`);
		return answer;
	}
}
