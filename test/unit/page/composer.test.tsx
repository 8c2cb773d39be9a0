import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { Composer } from '../../../site/src/composer/composer.tsx';
import { messageBody } from '../../../site/src/composer/message-body.ts';
import { type Key, sends } from '../../../site/src/composer/sends.ts';
import { en } from '../../../site/src/i18n/en/index.ts';

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } }));

describe('what is sent', () => {
	test.each([
		['hello', 'hello'],
		['  kept, and cut \n\n ', '  kept, and cut'],
		['one\n\ntwo\n', 'one\n\ntwo'],
	])('of %j is %j', (draft, text) => {
		expect(messageBody(draft, 8192)).toEqual({ text, left: undefined, canSend: true });
	});

	test.each(['', ' ', '\n\n', '\t\u3000'])('is nothing of %j', (draft) => {
		expect(messageBody(draft, 8192).canSend).toBe(false);
	});

	test.each([
		['a'.repeat(89), undefined, true],
		['a'.repeat(90), 10, true],
		['a'.repeat(100), 0, true],
		[`${'a'.repeat(100)}   `, 0, true],
		['a'.repeat(101), -1, false],
		['你'.repeat(29), undefined, true],
		['你'.repeat(33), 1, true],
		['你'.repeat(34), -2, false],
		['😀'.repeat(25), 0, true],
		['é'.repeat(51), -2, false],
	])('is counted in bytes of UTF-8: %s', (draft, left, canSend) => {
		expect(messageBody(draft, 100)).toMatchObject({ left, canSend });
	});
});

describe('a key', () => {
	const enter: Key = {
		key: 'Enter',
		keyCode: 13,
		isComposing: false,
		shiftKey: false,
		altKey: false,
		ctrlKey: false,
		metaKey: false,
	};

	test.each([
		['Enter', enter, true, false],
		['Shift+Enter', { ...enter, shiftKey: true }, false, false],
		['Alt+Enter', { ...enter, altKey: true }, false, false],
		['Ctrl+Enter', { ...enter, ctrlKey: true }, true, true],
		['Cmd+Enter', { ...enter, metaKey: true }, true, true],
		['ArrowUp', { ...enter, key: 'ArrowUp', keyCode: 38 }, false, false],
		['Enter of an input method', { ...enter, isComposing: true }, false, false],
		['Enter of an input method in Safari', { ...enter, keyCode: 229 }, false, false],
		['Ctrl+Enter of an input method', { ...enter, ctrlKey: true, isComposing: true }, false, false],
	])('%s sends where Enter sends, and where it breaks the line', (_, key, whereSends, whereBreaks) => {
		expect([sends(key, true), sends(key, false)]).toEqual([whereSends, whereBreaks]);
	});
});

describe('the composer', () => {
	const nothing = () => undefined;
	const shown = (draft: string) =>
		renderToStaticMarkup(
			<Composer
				label="Message to #1"
				draft={draft}
				enterSends
				maxBytes={100}
				focusKey="room:1"
				onDraft={nothing}
				onSend={nothing}
				onTyping={nothing}
			/>,
		);

	test('is named for whom it writes to, and its buttons have names', () => {
		const markup = shown('');
		expect(markup).toMatch(/<textarea[^>]* aria-label="Message to #1"/);
		expect(markup).toMatch(/<button[^>]* aria-label="Emoji"/);
		expect(markup).toMatch(/<button[^>]* aria-label="Send"[^>]* disabled/);
	});

	test('tells when little is left, and how much is too much', () => {
		expect(shown('a'.repeat(99))).toMatch(/role="status"[^>]*>1 byte left</);
		expect(shown('a'.repeat(102))).toMatch(/role="status"[^>]*>This is 102 % of what fits into a message/);
		expect(shown('hello')).toMatch(/role="status"[^>]*><\/p>/);
	});
});
