import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../../site/src/i18n/en/index.ts';
import { Markdown } from '../../../site/src/thread/markdown/markdown.tsx';
import { loadRenderer } from '../../../site/src/thread/markdown/use-renderer.ts';

beforeAll(loadRenderer);
beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } }));

/** What the message becomes, without what is the same for all: the frame around it, the names of styles, and what any link has. */
const shown = (text: string): string =>
	renderToStaticMarkup(<Markdown text={text} />)
		.replaceAll(/ class="[^"]*"| target="_blank" rel="noopener noreferrer nofollow"| title="[^"]*"/g, '')
		.replace(/^<div dir="auto">(.*)<\/div>$/s, '$1');

const link = (href: string, text = href): string => `<a href="${href}">${text}</a>`;

test.each([
	['plain words', '<p>plain words</p>'],
	['two\nlines', '<p>two\nlines</p>'],
	['*two*\nlines', '<p><em>two</em><br/>lines</p>'],
	['one\n\ntwo', '<p>one</p><p>two</p>'],
	['**strong** _em_ ~~del~~ `a*b*`', '<p><strong>strong</strong> <em>em</em> <del>del</del> <code>a*b*</code></p>'],
	['snake_case_name 2*3*4', '<p>snake_case_name 2<em>3</em>4</p>'],
	[String.raw`\*not em\*`, '<p>*not em*</p>'],
	['# Heading', '<p><strong>Heading</strong></p>'],
	['above\n---\nbelow', '<p>above</p><hr/><p>below</p>'],
	['    indented by accident', '<p>    indented by accident</p>'],
	['> quoted', '<blockquote><p>quoted</p></blockquote>'],
	['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
	['3. c\n4. d', '<ol start="3"><li>c</li><li>d</li></ol>'],
	['- [x] done\n- [ ] open', '<ul><li>☑ done</li><li>☐ open</li></ul>'],
	['[a]: https://b.c', `<p>[a]: ${link('https://b.c/', 'https://b.c')}</p>`],
])('%j is shown', (text, markup) => {
	expect(shown(text)).toBe(markup);
});

describe('text shows as it was written', () => {
	test.each([
		['<b>bold</b> a < b & c', '<p>&lt;b&gt;bold&lt;/b&gt; a &lt; b &amp; c</p>'],
		['&amp; &#35; &lt;b&gt; &nbsp;', '<p>&amp;amp; &amp;#35; &amp;lt;b&amp;gt; &amp;nbsp;</p>'],
		['*x* &#60;b> & &copy;', '<p><em>x</em> &amp;#60;b&gt; &amp; &amp;copy;</p>'],
		['<div>\n*x*\n</div>', '<p>&lt;div&gt;\n*x*\n&lt;/div&gt;</p>'],
		['`&lt;` <script>*x*</script>', '<p><code>&amp;lt;</code> &lt;script&gt;<em>x</em>&lt;/script&gt;</p>'],
	])('%j', (text, markup) => {
		expect(shown(text)).toBe(markup);
	});
});

describe('links', () => {
	test.each([
		['https://a.b/c_d_e?f=g&h#i', link('https://a.b/c_d_e?f=g&amp;h#i')],
		['[text](https://a.b/)', link('https://a.b/', 'text')],
		['[**text**](mailto:a@b.c)', link('mailto:a@b.c', '<strong>text</strong>')],
		['<https://a.b/>', link('https://a.b/')],
		['www.a.b', link('http://www.a.b/', 'www.a.b')],
		['(see https://a.b/c(d)).', `(see ${link('https://a.b/c(d)')}).`],
		['看https://a.b/，好', `看${link('https://a.b/')}，好`],
		['![a cat](https://a.b/cat.png)', link('https://a.b/cat.png', 'a cat')],
		['![](https://a.b/cat.png)', link('https://a.b/cat.png')],
		['[out ![in](https://a.b/i)](https://a.b/o)', link('https://a.b/o', 'out ![in](https://a.b/i)')],
	])('%j', (text, markup) => {
		expect(shown(text)).toBe(`<p>${markup}</p>`);
	});

	test('do not show the address of another host', () => {
		for (const text of [
			'https://bank.example',
			'**https://bank.example/a**',
			'www.bank.example',
			' http://bank.example.',
		]) {
			expect(shown(`[${text}](https://thief.example)`)).not.toContain('<a ');
			expect(shown(`[${text}](https://thief.example)`)).toContain('thief.example');
		}
		expect(shown('[https://bank.example/a](https://bank.example/b)')).toContain('<a href="https://bank.example/b"');
	});

	test('open elsewhere, tell nothing of this page, and show where they lead', () => {
		const markup = renderToStaticMarkup(<Markdown text="[bank](https://thief.example)" />);
		expect(markup).toContain('title="https://thief.example/" target="_blank" rel="noopener noreferrer nofollow"');
	});
});

test('code keeps what it holds, shows its language, and can be copied', () => {
	const markup = shown('```ts\nconst a = "<b>" && 1;\n\n:smile:\n```');
	expect(markup).toContain('<code>const a = &quot;&lt;b&gt;&quot; &amp;&amp; 1;\n\n:smile:</code>');
	expect(markup).toContain('<span>ts</span><button type="button" aria-label="Copy code">Copy</button>');
});

test('a table has its cells, and can be reached where it scrolls', () => {
	const table =
		'<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>';
	expect(shown('|a|b|\n|--|--|\n|1|2|')).toBe(`<div tabindex="0">${table}</div>`);
});

test('a table that would hide a cell is text', () => {
	expect(shown('|a|\n|--|\n|1|hidden?|')).toContain('hidden?');
});

describe('emoji', () => {
	test.each([
		['well done :tada: :+1:', '<p>well done 🎉 👍</p>'],
		['**:tada:** `:tada:`', '<p><strong>🎉</strong> <code>:tada:</code></p>'],
		['10:30:45 :unknown:', '<p>10:30:45 :unknown:</p>'],
		['https://a.b/:tada:x', `<p>${link('https://a.b/:tada:x')}</p>`],
	])('%j', (text, markup) => {
		expect(shown(text)).toBe(markup);
	});

	const isLarge = (text: string) => /^<div class="_large/.test(renderToStaticMarkup(<Markdown text={text} />));

	test.each(['🎉', '🎉 👍🏽 ❤️', ':tada:', '👨‍👩‍👧🇨🇳1️⃣'])('%s alone are large', (text) =>
		expect(isLarge(text)).toBe(true),
	);
	test.each(['🎉🎉🎉🎉', '🎉!', '123', '', '#'])('%j is not', (text) => expect(isLarge(text)).toBe(false));
});
