import { closestMatch } from 'leven';

/** A line that was typed. */
export type Input =
	| { readonly kind: 'nothing' }
	| { readonly kind: 'text'; readonly body: string }
	| { readonly kind: 'command'; readonly name: string; readonly args: readonly string[] };

/** What begins with `/` is a command; `//` begins a text with one slash. */
export const parseInput = (line: string): Input => {
	if (line.trim() === '') return { kind: 'nothing' };
	if (line.startsWith('//')) return { kind: 'text', body: line.slice(1) };
	if (!line.startsWith('/')) return { kind: 'text', body: line };
	const [name = '', ...args] = line.slice(1).trim().split(/\s+/);
	return { kind: 'command', name, args };
};

/** One line about a command that does not exist, with the nearest that does. */
export const unknownCommand = (name: string, known: readonly string[]): string => {
	const nearest = closestMatch(name, [...known], { maxDistance: 2 });
	return `there is no /${name}${nearest === undefined ? '' : `; did you mean /${nearest}?`} (/help lists all)`;
};
