import type { Message } from 'tschat/client';

/** The stretch of a conversation that is held: contiguous, oldest first. A conversation of any length costs no more than this. */
export interface Window {
	readonly messages: readonly Message[];
	/** Whether it begins with the conversation's first message. */
	readonly atStart: boolean;
}

/** Messages that are held at most, besides a page. */
export const maxHeld = 600;
export const pageSize = 100;

export const emptyWindow: Window = { messages: [], atStart: false };

export const lastSeq = ({ messages }: Window): number => messages.at(-1)?.seq ?? 0;
const firstSeq = ({ messages }: Window): number => messages[0]?.seq ?? Number.POSITIVE_INFINITY;

/** Only what follows the last one without a gap. */
const following = (window: Window, items: readonly Message[]): Message[] => {
	const added: Message[] = [];
	let next = window.messages.length === 0 ? (items[0]?.seq ?? 1) : lastSeq(window) + 1;
	for (const item of items) {
		if (item.seq !== next) continue;
		added.push(item);
		next += 1;
	}
	return added;
};

/** Adds newer messages; the oldest make room. What is there already, or does not follow, is left out. */
export const extended = (window: Window, items: readonly Message[]): Window => {
	const added = following(window, items);
	if (added.length === 0) return window;
	const messages = [...window.messages, ...added];
	const surplus = messages.length - maxHeld;
	if (surplus <= 0) return { messages, atStart: window.atStart || added[0]?.seq === 1 };
	return { messages: messages.slice(surplus), atStart: false };
};

/** Adds older messages; the newest make room. */
export const prepended = (window: Window, items: readonly Message[], more: boolean): Window => {
	const added = items.filter(({ seq }) => seq < firstSeq(window));
	return { messages: [...added, ...window.messages].slice(0, maxHeld), atStart: !more };
};
