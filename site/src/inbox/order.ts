import type { ConversationKey } from 'tschat/client';
import { type Line, type Lines, titleOf } from '../chat/lines.ts';

/** The newest activity first; what is equal stays in the order of the server's list. */
const byActivity = (one: Line, other: Line): number => other.activeAt - one.activeAt;

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether a line's title or last message holds the text, without regard to case. Every line holds an empty one. */
const matching = (text: string): ((line: Line) => boolean) => {
	const wanted = folded(text.trim());
	if (wanted === '') return () => true;
	return (line) => folded(titleOf(line)).includes(wanted) || folded(line.last?.body ?? '').includes(wanted);
};

const isSame = <T>(one: readonly T[], other: readonly T[]): boolean =>
	one.length === other.length && one.every((item, index) => item === other[index]);

/**
 * A selector of the conversations that hold a text, in the order that they are shown in. It returns the same array as long as
 * that stays the same: most messages change a row, not the list.
 */
export const orderFor = (text: string): ((state: { readonly lines: Lines }) => readonly ConversationKey[]) => {
	const matches = matching(text);
	let seen: Lines | undefined;
	let order: readonly ConversationKey[] = [];
	return ({ lines }) => {
		if (lines === seen) return order;
		seen = lines;
		const found = [...lines.values()].filter(matches).sort(byActivity);
		const next = found.map(({ conv }) => conv);
		if (!isSame(next, order)) order = next;
		return order;
	};
};
