import type { ConversationKey } from '../protocol/logs.ts';
import type { TschatError } from './errors.ts';
import type { Wire } from './wire.ts';

type Kind = 'ack' | 'read';

/** One position that is told to the server: it only grows. */
interface Mark {
	wanted: number;
	/** Told on this connection. */
	told: number;
	/** What the server has said that it knows. */
	known: number;
}

const intervalMs = 1000;
const newMark = (): Mark => ({ wanted: 0, told: 0, known: 0 });
const refOf = (kind: Kind, conv: ConversationKey): string => `${kind} ${conv}`;

/**
 * How far the user has got: delivered to this device, and read. Tells each conversation's positions at most once a second, and
 * after a reconnect again what the server has not shown to know.
 */
export class Marks {
	readonly #wire: Wire;
	readonly #marks: Record<Kind, Map<ConversationKey, Mark>> = { ack: new Map(), read: new Map() };
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	constructor(wire: Wire) {
		this.#wire = wire;
	}

	/** Delivered to this device up to here. */
	delivered(conv: ConversationKey, seq: number): void {
		this.#want('ack', conv, seq);
	}

	/** Read up to here. */
	read(conv: ConversationKey, seq: number): void {
		this.#want('read', conv, seq);
	}

	/** The server knows this much, from whichever device. */
	known(conv: ConversationKey, { delivered, read }: { delivered?: number; read?: number }): void {
		if (delivered !== undefined) this.#know('ack', conv, delivered);
		if (read !== undefined) this.#know('read', conv, read);
	}

	/** Reads that the server has not shown to know. */
	unsentReads(): Record<string, number> {
		const open = Array.from(this.#marks.read).filter(([, { wanted, known }]) => wanted > known);
		return Object.fromEntries(open.map(([conv, { wanted }]) => [conv, wanted]));
	}

	/** The conversation is not among the user's any more: the server takes no marks for it, and confirms none. */
	forget(conv: ConversationKey): void {
		for (const marks of Object.values(this.#marks)) marks.delete(conv);
	}

	/** There is a new connection: what the last one was told may be lost. */
	opened(): void {
		for (const marks of Object.values(this.#marks)) for (const mark of marks.values()) mark.told = mark.known;
		this.#due();
	}

	/** Whether it is told again: not what is refused for good, nor what a `ref` names that is not of a mark. */
	refused(ref: string, error: TschatError): boolean {
		const [kind, conv] = ref.split(' ') as [string, ConversationKey];
		const mark = kind === 'ack' || kind === 'read' ? this.#marks[kind].get(conv) : undefined;
		if (mark === undefined) return false;
		if (error.retryable) mark.told = mark.known;
		else mark.wanted = mark.known;
		this.#due();
		return error.retryable;
	}

	/** Tells now what waits. */
	flush(): void {
		if (!this.#wire.open) return;
		for (const kind of ['read', 'ack'] as const) {
			for (const [conv, mark] of this.#marks[kind]) {
				if (mark.wanted <= mark.told) continue;
				mark.told = mark.wanted;
				this.#wire.send({ type: kind, ref: refOf(kind, conv), conv, seq: mark.wanted });
			}
		}
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	#want(kind: Kind, conv: ConversationKey, seq: number): void {
		const mark = this.#marks[kind].get(conv) ?? newMark();
		if (seq <= mark.wanted) return;
		mark.wanted = seq;
		this.#marks[kind].set(conv, mark);
		if (seq > mark.told) this.#due();
	}

	#know(kind: Kind, conv: ConversationKey, seq: number): void {
		const mark = this.#marks[kind].get(conv) ?? newMark();
		mark.known = Math.max(mark.known, seq);
		mark.told = Math.max(mark.told, seq);
		this.#marks[kind].set(conv, mark);
	}

	/** At once when the last time is long ago, else when the second is over. */
	#due(): void {
		if (this.#timer !== undefined || this.#stopped || !this.#wire.open || !this.#isWaiting()) return;
		this.flush();
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#due();
		}, intervalMs);
	}

	#isWaiting(): boolean {
		return Object.values(this.#marks).some((marks) => [...marks.values()].some(({ wanted, told }) => wanted > told));
	}
}
