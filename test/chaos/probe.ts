import type { RoomKey } from '../../src/protocol/logs.ts';
import { Watched } from '../support/watched.ts';
import type { HttpSender } from './http-sender.ts';

/** The room of the probe. */
export const probeRoom: RoomKey = 'room:900';

interface Round {
	readonly sentAt: number;
	/** When each reader saw it. */
	readonly seen: Map<string, number>;
}

export interface RecoveryQuery {
	/** On the clock of `performance.now()`. */
	readonly since: number;
	/** Delivery has to be whole through this time; may change while it is waited for. */
	readonly through: () => number;
	readonly timeoutMs: number;
	/** The name of a reader. */
	readonly without: string | undefined;
}

const intervalMs = 100;
/** A message that takes longer, from its sender to a reader, is disturbed. Leaves room for a machine that does other things. */
const disturbedMs = 1000;
/** So many messages in a row must be undisturbed. */
const inARow = 5;

/**
 * Tells whether live delivery works: sends a message over REST ten times a second into a room that has readers on every connect
 * server, and keeps how long each takes to each reader.
 */
export class Probe extends Watched {
	readonly #sender: HttpSender;
	readonly #token: string;
	readonly #readers = new Set<string>();
	readonly #rounds: Round[] = [];
	#timer: NodeJS.Timeout | undefined;

	constructor(sender: HttpSender, token: string) {
		super();
		this.#sender = sender;
		this.#token = token;
	}

	/** From now on this reader has to see each message; what it is to call when it sees one. */
	reader(name: string): (body: string) => void {
		this.#readers.add(name);
		return (body) => {
			const round = this.#rounds[Number(/ probe (\d+)$/.exec(body)?.[1])];
			if (round === undefined || round.seen.has(name)) return;
			round.seen.set(name, performance.now());
			this.changed();
		};
	}

	start(): void {
		this.#timer = setInterval(() => {
			const body = `probe ${this.#rounds.length}`;
			this.#rounds.push({ sentAt: performance.now(), seen: new Map() });
			void this.#sender.send(this.#token, probeRoom, body);
		}, intervalMs);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/**
	 * How long after `since` live delivery was whole again, in milliseconds. It fails with five messages in a row that took more
	 * than a second to one of the readers (but `without`), and is whole with five in a row that did not. What is told is when the
	 * last reader had the first message after which it did not fail any more, up to the first five sent after `through`. Rejects
	 * when that did not come in time.
	 */
	recovery({ since, through, timeoutMs, without }: RecoveryQuery): Promise<number> {
		const readers = [...this.#readers].filter((name) => name !== without);
		return this.until(() => this.#recovered(since, through(), readers), 'live delivery', timeoutMs);
	}

	#recovered(since: number, through: number, readers: readonly string[]): number | undefined {
		let whole: Round | undefined;
		let [late, fine] = [0, 0];
		for (const round of this.#rounds) {
			if (round.sentAt < since) continue;
			const isLate = readers.some((name) => this.#latency(round, name) > disturbedMs);
			late = isLate ? late + 1 : 0;
			fine = isLate ? 0 : fine + 1;
			if (late >= inARow) whole = undefined;
			else if (!isLate) whole ??= round;
			if (whole === undefined || fine < inARow || round.sentAt < through) continue;
			const { seen } = whole;
			return Math.max(...readers.map((name) => seen.get(name) ?? 0)) - since;
		}
		return undefined;
	}

	#latency({ sentAt, seen }: Round, name: string): number {
		return (seen.get(name) ?? Number.POSITIVE_INFINITY) - sentAt;
	}

	/** How many messages since then were late, to each reader to whom any was. */
	lateSince(since: number): string {
		const rounds = this.#rounds.filter(({ sentAt }) => sentAt >= since);
		const counts = Array.from(this.#readers, (name) => {
			const late = rounds.filter((round) => this.#latency(round, name) > disturbedMs).length;
			return late === 0 ? [] : [`${name} ${late}`];
		});
		return `late of ${rounds.length} messages: ${counts.flat().join(', ')}`;
	}
}
