import { beforeEach, describe, expect, test } from 'vitest';
import { Ledger } from '../../chaos/ledger.ts';
import { Sightings } from '../../chaos/sightings.ts';
import { judge, type Logged } from '../../chaos/verdict.ts';

const conv = 'room:1';
const reader = { name: 'ann', token: '' };

let ledger: Ledger;
let sightings: Sightings;
/** Three messages, all accepted, as the log has them. */
let log: Logged[];

beforeEach(() => {
	ledger = new Ledger();
	sightings = new Sightings();
	log = [1, 2, 3].map((seq) => {
		const attempt = ledger.begin(conv, `message ${seq}`);
		const id = String(100 + seq);
		ledger.accept(attempt, { seq, id });
		return { seq, id, body: attempt.body };
	});
});

const verdict = () => judge(ledger, sightings, new Map([[conv, log]]));
const faults = () => {
	const { lost, duplicated, reordered, details } = verdict();
	expect(details.length > 0).toBe(lost + duplicated + reordered > 0);
	return { lost, duplicated, reordered };
};
const none = { lost: 0, duplicated: 0, reordered: 0 };

/** A reader to whom everything is owed from the first on, and who gets these. */
const reads = (...seqs: readonly number[]) => {
	const sighting = sightings.open(reader, conv, 1);
	for (const seq of seqs) sightings.see(sighting, { conv, ...(log[seq - 1] as Logged) });
	return sighting;
};

describe('what a reader got', () => {
	test('is whole when it is all that was accepted, once and in order', () => {
		reads(1, 2, 3);
		expect(verdict()).toEqual({ accepted: 3, ...none, details: [] });
	});

	test('lacks what did not come, be it in the middle or at the end', () => {
		reads(1, 3);
		reads(1);
		expect(faults()).toEqual({ ...none, lost: 1 + 2 });
	});

	test('has twice what came again', () => {
		reads(1, 2, 2, 3);
		expect(faults()).toEqual({ ...none, duplicated: 1 });
	});

	test('is in another order when a message came after a later one', () => {
		reads(1, 3, 2);
		expect(faults()).toEqual({ ...none, reordered: 1 });
	});

	test('must be what others got in the same place', () => {
		reads(1, 2, 3);
		const other = reads(1, 2);
		sightings.see(other, { conv, seq: 3, id: '999', body: 'another one' });
		expect(faults()).toEqual({ ...none, reordered: 1 });
	});

	test('ends with the connection, where its protocol knows no resume', () => {
		const ended = reads(1, 2);
		ended.ended = true;
		expect(faults()).toEqual(none);
	});

	test('begins with what was sent after the reader had come, where it is not known from which message on', () => {
		const late = sightings.open(reader, conv);
		late.since = performance.now();
		expect(faults()).toEqual(none);
		const attempt = ledger.begin(conv, 'message 4');
		ledger.accept(attempt, { seq: 4, id: '104' });
		log.push({ seq: 4, id: '104', body: attempt.body });
		expect(faults()).toEqual({ ...none, lost: 1 });
		sightings.see(late, { conv, ...(log[3] as Logged) });
		expect(faults()).toEqual(none);
	});
});

describe('the log', () => {
	test('may have what was sent and not answered, once', () => {
		const attempt = ledger.begin(conv, 'message 4');
		log.push({ seq: 4, id: '104', body: attempt.body });
		expect(faults()).toEqual(none);
		log.push({ seq: 5, id: '105', body: attempt.body });
		expect(faults()).toEqual({ ...none, duplicated: 1 });
	});

	test('must have what was accepted', () => {
		log.pop();
		expect(faults()).toEqual({ ...none, lost: 1 });
	});

	test('must have it under the number that the answer told', () => {
		ledger.accept(ledger.begin(conv, 'message 4'), { seq: 4, id: '104' });
		log.push({ seq: 4, id: '105', body: 'c4 message 4' });
		expect(faults()).toEqual({ ...none, lost: 1 });
	});

	test('has nothing that nobody sent', () => {
		log.push({ seq: 4, id: '104', body: 'c9 message 9' });
		expect(faults()).toEqual({ ...none, duplicated: 1 });
	});

	test('answers a retry as it answered the first time', () => {
		const attempt = ledger.begin(conv, 'message 4');
		log.push({ seq: 4, id: '104', body: attempt.body });
		ledger.accept(attempt, { seq: 4, id: '104' });
		ledger.accept(attempt, { seq: 4, id: '104' });
		expect(faults()).toEqual(none);
		ledger.accept(attempt, { seq: 5, id: '105' });
		expect(faults()).toEqual({ ...none, lost: 1, reordered: 1 });
	});
});
