/** Control characters, and those that change the direction of text or cannot be seen at all. */
const unsafe =
	/[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\u034f|[\u180b-\u180d]/gu;
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
