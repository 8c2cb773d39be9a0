import fc from 'fast-check';
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { Markdown } from '../../../site/src/thread/markdown/markdown.tsx';
import { loadRenderer } from '../../../site/src/thread/markdown/use-renderer.ts';

beforeAll(loadRenderer);
beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: {} }));

const allowed: Record<string, readonly string[]> = {
	a: ['href', 'title', 'target', 'rel'],
	blockquote: [],
	br: [],
	button: ['type', 'aria-label'],
	code: [],
	del: [],
	div: ['class', 'dir', 'tabindex'],
	em: [],
	hr: [],
	li: [],
	ol: ['start'],
	p: [],
	pre: ['tabindex'],
	span: [],
	strong: [],
	table: [],
	tbody: [],
	td: ['class'],
	th: ['class'],
	thead: [],
	tr: [],
	ul: [],
};

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#x27;': "'" };
const decoded = (text: string) => text.replaceAll(/&[^;]*;/g, (entity) => entities[entity] ?? `UNKNOWN ${entity}`);

interface Seen {
	/** What a reader reads. */
	text: string;
	hrefs: string[];
	deepest: number;
	elements: number;
}

/** Reads the markup by a grammar that knows what React writes and nothing else; throws at the first character that is not in it. */
const parsed = (markup: string): Seen => {
	const seen: Seen = { text: '', hrefs: [], deepest: 0, elements: 0 };
	const open: string[] = [];
	const token =
		/<\/(?<end>[a-z]+)>|<(?<start>[a-z]+)(?<attributes>(?: [a-z-]+="[^"<>]*")*)(?<empty>\/?)>|(?<text>[^<>]+)/y;
	while (token.lastIndex < markup.length) {
		const at = token.lastIndex;
		const groups = token.exec(markup)?.groups;
		if (groups === undefined) throw new Error(`not React's: ${markup.slice(at, at + 100)}`);
		if (groups.text !== undefined) seen.text += decoded(groups.text);
		else if (groups.end !== undefined) expect(open.pop()).toBe(groups.end);
		else {
			const { start = '', attributes = '', empty } = groups;
			seen.elements++;
			expect(Object.keys(allowed)).toContain(start);
			if (start === 'a') expect(open).not.toContain('a');
			for (const [, name = '', value = ''] of attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
				expect(allowed[start]).toContain(name);
				if (name === 'href') seen.hrefs.push(decoded(value));
			}
			if (empty === '') open.push(start);
			seen.deepest = Math.max(seen.deepest, open.length);
		}
	}
	expect(open).toEqual([]);
	return seen;
};

const safe = (text: string): Seen => {
	const seen = parsed(renderToStaticMarkup(<Markdown text={text} />));
	for (const href of seen.hrefs) expect(href).toMatch(/^(?:https?:\/\/|mailto:)[^\s"<>\p{Cc}\p{Cf}]+$/u);
	expect(seen.deepest).toBeLessThan(50);
	expect(seen.elements).toBeLessThan(5000);
	return seen;
};

const attacks = [
	'<script>alert(1)</script>',
	'<ScRiPt src=//evil.example/x.js></sCrIpT>',
	'<img src=x onerror=alert(1)>',
	'<img src="x" onerror="alert(1)"//',
	'<svg/onload=alert(1)>',
	'<svg><script>alert(1)</script></svg>',
	'<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
	'<math><mtext><mglyph><style><img src=x onerror=alert(1)>',
	'<iframe src="javascript:alert(1)"></iframe>',
	'<iframe srcdoc="<script>alert(1)</script>">',
	'<a href="javascript:alert(1)">x</a>',
	'<a href=https://good.example onclick=alert(1)>x</a>',
	'<body onload=alert(1)><style>@import "//evil.example"</style>',
	'<object data="data:text/html;base64,PHNjcmlwdD4="></object><embed src=x>',
	'<form action=javascript:alert(1)><button>x</form>',
	'<details open ontoggle=alert(1)>',
	'<!--><script>alert(1)</script>-->',
	'<![CDATA[<script>alert(1)</script>]]>',
	'<?xml version="1.0"?><script>alert(1)</script>',
	'</p></div><script>alert(1)</script>',
	'`<script>`</script>',
	'```"><script>alert(1)</script>\ncode\n```',
	'``` x" onmouseover="alert(1)\ncode\n```',
	'[x](javascript:alert(1))',
	'[x](JaVaScRiPt:alert(1))',
	'[x]( javascript:alert(1))',
	'[x](<javascript:alert(1)>)',
	'[x](java\tscript:alert(1))',
	'[x](<java\nscript:alert(1)>)',
	'[x](java\u0000script:alert(1))',
	'[x](\u0001javascript:alert(1))',
	'[x](\u00a0javascript:alert(1))',
	'[x](java\u200bscript:alert(1))',
	'[x](java\u00adscript:alert(1))',
	'[x](&#106;avascript:alert(1))',
	'[x](&#x6A;avascript&#58;alert(1))',
	'[x](javascript&colon;alert(1))',
	'[x](&Tab;javascript:alert(1))',
	'[x](java&NewLine;script:alert(1))',
	'[x](javascript\\:alert(1))',
	'[x](%6aavascript:alert(1))',
	'[x](//evil.example)',
	'[x](\\\\evil.example)',
	'[x](/status)',
	'[x](#hash)',
	'[x](vbscript:msgbox(1))',
	'[x](data:text/html,<script>alert(1)</script>)',
	'[x](DATA:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
	'[x](blob:https://a.b/1)',
	'[x](file:///etc/passwd)',
	'[x](ftp://a.b)',
	'[x](view-source:https://a.b)',
	'[x](https:javascript:alert(1))',
	'[x](https://)',
	'[x](mailto:)',
	'<mailto:>',
	'[x](http://[::1)',
	'![x](javascript:alert(1))',
	'![x](data:image/svg+xml,<svg onload=alert(1)>)',
	'<javascript:alert(1)>',
	'<data:text/html,x>',
	'javascript:alert(1)',
	'[x]: javascript:alert(1)\n\n[x]',
	'[x][y]\n\n[y]: javascript:alert(1)',
	'[x](https://a.b\u202e/gpj.exe)',
	'[x](mailto:\u202ea@b.c)',
	'<https://good.example/"onclick=alert(1)>',
	'[x](https://good.example/"onclick="alert(1))',
	'[<https://good.example>](https://evil.example)',
];

describe('an attack is text, and no link', () => {
	test.each(attacks)('%j', (text) => {
		expect(safe(text).hrefs.filter((href) => !href.startsWith('https://good.example'))).toEqual([]);
	});
});

describe('what is beside an address does not get out of it', () => {
	test.each([
		['[x](https://a.b "\\" onmouseover=\\"alert(1)")', 'https://a.b/'],
		['[x](https://a.b \'x" onclick="alert(1)\')', 'https://a.b/'],
		['https://a.b/"onmouseover="alert(1)', 'https://a.b/'],
		['[<img src=x onerror=alert(1)>](https://a.b)', 'https://a.b/'],
		['![" onerror="alert(1)](https://a.b)', 'https://a.b/'],
		['[a [b](https://c.d) e](mailto:f@g.h)', 'https://c.d/'],
		['[\u202emoc.doog](https://evil.example)', 'https://evil.example/'],
		['[x](https://good.example@evil.example)', 'https://good.example@evil.example/'],
		['https://аррӏе.example', 'https://xn--80ak6aa92e.example/'],
	])('%j', (text, href) => {
		expect(safe(text).hrefs).toEqual([href]);
	});
});

/** Words, and all that markdown and HTML are made of. */
const pieces = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom('word', ' ', '\n', '\n\n', '    ', '  \n') },
	{ weight: 3, arbitrary: fc.constantFrom(...'*_`~[]()<>!#|\\&;:"\'=-+.1/@\t') },
	{
		weight: 1,
		arbitrary: fc.constantFrom('> ', '- ', '1. ', '- [x] ', '```', '|-|-|\n', '](', '![', '---', ':tada:', '🎉'),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom('https://a.b', 'www.a.b', 'javascript:', 'data:', '&#58;', '&lt;', 'mailto:'),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom('<a href="', '<img ', '<script>', '</', '<!--', '\u202e', '\u0000', '\ud800', '，'),
	},
	{ weight: 1, arbitrary: fc.constantFrom(...attacks) },
	fc.string({ unit: 'binary', maxLength: 5 }),
);

test('whatever the text, only known elements and addresses come of it', () => {
	const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
	fc.assert(
		fc.property(texts, (text) => void safe(text)),
		{ numRuns: 3000 },
	);
});

test('whatever stands around them, words are shown', () => {
	// What is an address of a link is in its title, and not among what is read.
	const around = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('').replaceAll(/[()]|```|~~~/g, ''));
	fc.assert(
		fc.property(around, around, around, (a, b, c) => {
			const { text } = safe(`${a} plain ${b} words ${c}`);
			expect(text).toMatch(/plain.*words/s);
		}),
		{ numRuns: 3000 },
	);
});

describe('a message that is made to be dear is cheap', () => {
	const bytes = 8192;
	const filled = (piece: string, before = '', after = '') => before + piece.repeat(bytes / piece.length - 4) + after;
	const table = `${'|a'.repeat(900)}|\n${'|-'.repeat(900)}|\n${'|\n'.repeat(900)}`;

	test.each([
		['[', filled('[')],
		['*', filled('*')],
		['>', filled('>')],
		['> - ', filled('> - ')],
		['1. ', filled('1. ')],
		['lists in lists', filled('- ')],
		['[a](', filled('[a](')],
		['a label of code', filled('```', '[', '](a)')],
		['escapes in brackets', filled('[\\', '', '*')],
		['emphasis that one mark could end', filled('*a ', '', ' a*')],
		['nested emphasis', filled('*a _b ', '', '*')],
		['strikes', filled('~~a', '', '~')],
		['!', filled('!', '', '](a)')],
		['an address of mail without end', filled('.', '', '@')],
		['a bare link without end', filled(').', 'https://a.b/')],
		['spaces', filled(' ', 'a', '*b*')],
		['headings', filled('a\n===\n', '', '>')],
		['list items', filled('- a\n')],
		['lines', filled('*a*\n')],
		['comments', filled('<!--')],
		['cells', filled('|a')],
		['a table that would be a million cells', table],
		['colons', filled(':a')],
		['emoji', filled('🎉')],
	])('%s', (_, text) => {
		safe(text);
		const took = Array.from({ length: 5 }, () => {
			const begun = process.cpuUsage();
			renderToStaticMarkup(<Markdown text={text} />);
			const { user, system } = process.cpuUsage(begun);
			return (user + system) / 1000;
		});
		// The best of some, and the processor's time: others use this machine, too.
		expect(Math.min(...took)).toBeLessThan(50);
	});

	test('and shown as it was written', () => {
		const text = filled('*a ', '', ' a*');
		expect(safe(text).text).toBe(text);
	});

	test('while one as long that people write keeps its markdown', () => {
		const text = '**Bold** words, `code` and https://a.b/c, _as_ people write them.\n\n- one\n- two\n\n'
			.repeat(100)
			.slice(0, bytes);
		expect(safe(text).hrefs.length).toBeGreaterThan(90);
	});
});
