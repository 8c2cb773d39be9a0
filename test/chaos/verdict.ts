import type { ConversationKey } from '../../src/protocol/logs.ts';
import type { Ledger } from './ledger.ts';
import type { Sighting, Sightings } from './sightings.ts';

/** Of a message, what the log holds. */
export interface Logged {
	readonly seq: number;
	readonly id: string;
	readonly body: string;
}

export type Logs = ReadonlyMap<ConversationKey, readonly Logged[]>;

export interface Verdict {
	/** Messages that were answered. */
	readonly accepted: number;
	/** Messages that are not in the log, and each one that a reader lacks. */
	readonly lost: number;
	/** Messages that are in the log twice, and each one that a reader got again. */
	readonly duplicated: number;
	/** Messages that came to a reader after a later one, and places where two disagree about what stands there. */
	readonly reordered: number;
	/** One line for each fault, up to a bound. */
	readonly details: readonly string[];
}

const maxDetails = 50;

const refOf = (body: string): string => body.slice(0, body.indexOf(' '));

/** What the log says of what was sent: everything accepted is there, where the answer said, once; and nothing that nobody sent. */
const judgeLogs = (ledger: Ledger, logs: Logs, details: string[]) => {
	let [lost, duplicated, reordered] = [0, 0, 0];
	const places = new Map<string, Logged & { readonly conv: ConversationKey }>();
	for (const [conv, log] of logs) {
		for (const [index, message] of log.entries()) {
			const { seq, body } = message;
			if (seq !== index + 1) {
				reordered += 1;
				details.push(`the log of ${conv} has ${seq} in the place of ${index + 1}`);
			}
			const attempt = ledger.attempts.get(refOf(body));
			if (attempt?.conv !== conv || attempt.body !== body) {
				duplicated += 1;
				details.push(`the log of ${conv} has as ${seq} what nobody sent: "${body.slice(0, 80)}"`);
			} else if (places.has(attempt.ref)) {
				duplicated += 1;
				details.push(`the log of ${conv} has ${attempt.ref} twice: ${places.get(attempt.ref)?.seq} and ${seq}`);
			} else places.set(attempt.ref, { ...message, conv });
		}
	}
	for (const [ref, { seq, id }] of ledger.accepted) {
		const place = places.get(ref);
		if (place?.seq === seq && place.id === id) continue;
		lost += 1;
		const { conv } = ledger.attempts.get(ref) ?? {};
		details.push(`${ref} was accepted as ${seq} ${id} of ${conv}; in the log it is ${place?.seq} ${place?.id}`);
	}
	return { lost, duplicated, reordered };
};

/** What a reader lacks that has seen a log from `from` on, or nothing of it, though it was there before. */
const lackBefore = ({ conv, from, since, ended }: Sighting, { attempts, accepted }: Ledger): number => {
	if (since === undefined || (from === undefined && ended)) return 0;
	let lack = 0;
	for (const [ref, { seq }] of accepted) {
		const attempt = attempts.get(ref);
		if (attempt?.conv === conv && attempt.startedAt > since && seq < (from ?? Number.POSITIVE_INFINITY)) lack += 1;
	}
	return lack;
};

/** What a reader lacks at the end of a log that has so many messages. */
const lackAfter = ({ missing, next, ended }: Sighting, head: number): number =>
	missing.size + (ended || next === undefined ? 0 : Math.max(0, head + 1 - next));

/** Whether everybody got what was accepted: each reader all of each conversation that it followed, once and in the order of the log. */
export const judge = (ledger: Ledger, sightings: Sightings, logs: Logs): Verdict => {
	const details = [...ledger.conflicts, ...sightings.conflicts];
	let { lost, duplicated, reordered } = judgeLogs(ledger, logs, details);
	reordered += ledger.conflicts.length + sightings.conflicts.length;
	for (const [conv, told] of sightings.told) {
		const log = logs.get(conv) ?? [];
		for (const [seq, text] of told) {
			const message = log[seq - 1];
			if (message !== undefined && text === `${message.id} ${message.body}`) continue;
			reordered += 1;
			details.push(`${conv} ${seq} was told as "${text.slice(0, 80)}"; in the log it is ${message?.id}`);
		}
	}
	for (const sighting of sightings.all) {
		const head = logs.get(sighting.conv)?.length ?? 0;
		const lack = lackBefore(sighting, ledger) + lackAfter(sighting, head);
		lost += lack;
		duplicated += sighting.duplicated;
		reordered += sighting.reordered;
		if (lack + sighting.duplicated + sighting.reordered === 0) continue;
		const { reader, conv, from, next, missing } = sighting;
		details.push(
			`${reader} has seen ${conv} from ${from} to before ${next}: ${lack} lost (${[...missing].slice(0, 5)}), ` +
				`${sighting.duplicated} again, ${sighting.reordered} late`,
		);
	}
	return { accepted: ledger.accepted.size, lost, duplicated, reordered, details: details.slice(0, maxDetails) };
};
