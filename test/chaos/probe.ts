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
	 * How long after `since` live delivery was whole again, in milliseconds. It is whole when five messages in a row, the last of
	 * them sent after `through`, took no more than a second to each of the readers (but `without`); and it has been since the last
	 * of them had the first of all messages in a row before that. Rejects when that did not come in time.
	 */
	recovery({ since, through, timeoutMs, without }: RecoveryQuery): Promise<number> {
		const readers = [...this.#readers].filter((name) => name !== without);
		return this.until(() => this.#recovered(since, through(), readers), 'live delivery', timeoutMs);
	}

	#recovered(since: number, through: number, readers: readonly string[]): number | undefined {
		let row: Round[] = [];
		for (const round of this.#rounds) {
			if (round.sentAt < since) continue;
			if (readers.some((name) => this.#latency(round, name) > disturbedMs)) row = [];
			else row.push(round);
			if (row.length < inARow || round.sentAt < through) continue;
			const [first] = row;
			return Math.max(...readers.map((name) => first?.seen.get(name) ?? 0)) - since;
		}
		return undefined;
	}

	#latency({ sentAt, seen }: Round, name: string): number {
		return (seen.get(name) ?? Number.POSITIVE_INFINITY) - sentAt;
	}

	protected override describe(): string {
		const last = this.#rounds.slice(-30);
		const lacks = [...this.#readers].map(
			(name) => [name, last.filter((round) => this.#latency(round, name) > disturbedMs).length] as const,
		);
		return `of the last ${last.length} messages were late: ${lacks.map(([name, count]) => `${name} ${count}`).join(', ')}`;
	}
}
