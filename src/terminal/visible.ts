/** Control characters, and those that change the direction of text or cannot be seen at all. */
const unsafe = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const del = 0x7f;

const shown = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	if (code < 0x20) return String.fromCodePoint(0x2400 + code);
	return code === del ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};

/**
 * Text of others, on one line and without anything that a terminal obeys: an escape sequence could retitle the window, hide
 * lines or fake them. What is taken out stays to be seen, as a sign.
 */
export const visible = (text: string): string =>
	text
		.replaceAll(/\r\n|\n/g, ' ⏎ ')
		.replaceAll('\t', ' ')
		.replaceAll(unsafe, shown);
