import type { User } from 'tschat/client';
import { isRoom } from '../chat/keys.ts';
import type { Line } from '../chat/lines.ts';

/** What stands below a conversation's title. */
export type Preview =
	| { readonly kind: 'nothing' }
	/** `who` is null where it can be only one. */
	| { readonly kind: 'typing'; readonly who: string | null }
	| { readonly kind: 'draft' | 'own'; readonly text: string }
	| { readonly kind: 'message'; readonly from: string | null; readonly text: string };

interface Parts {
	readonly line: Line;
	/** The reader's id. */
	readonly me: string;
	readonly draft: string | undefined;
	readonly typing: readonly User[] | undefined;
}

/** No pane is wider than this many characters. */
const maxLength = 300;

/** What markdown writes around words, where it is surely that: fences, emphasis in pairs, quotes and headings at the start of a line. */
const marks = /^[ \t]*(?:```.*$|~~~.*$|>[ \t]?|#{1,6}[ \t])|(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1/gm;
const link = /!?\[([^[\]]+)\]\([^()\s]*\)/g;

/** The beginning of a text on one line, without the marks of markdown. */
const oneLine = (text: string): string =>
	text.trimStart().slice(0, maxLength).replaceAll(link, '$1').replaceAll(marks, '$2').replaceAll(/\s+/g, ' ').trim();

/** The first that there is: who is typing, what one has begun to write, the last message. */
export const previewOf = ({ line, me, draft = '', typing = [] }: Parts): Preview => {
	const inRoom = isRoom(line.conv);
	if (typing.length > 0) return { kind: 'typing', who: inRoom ? typing.map(({ name }) => name).join(', ') : null };
	if (draft.trim() !== '') return { kind: 'draft', text: oneLine(draft) };
	if (line.last === null) return { kind: 'nothing' };
	const { from, body } = line.last;
	const text = oneLine(body);
	return from.id === me ? { kind: 'own', text } : { kind: 'message', from: inRoom ? from.name : null, text };
};
