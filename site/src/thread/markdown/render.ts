import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { type ComponentProps, createElement, type ElementType, Fragment, type ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { allowedHref, claimsAnother } from './href.ts';
import { BeyondLimits, limits } from './limits.ts';
import styles from './markdown.module.css';
import { MessageTokenizer } from './message-tokenizer.ts';
import { withEmoji } from './shortcodes.ts';

/** Makes elements of one message's tokens; nothing else than what is named here ever becomes one. */
class Renderer {
	#elements = 0;
	#depth = 0;
	#inLink = false;

	nodes(tokens: readonly Token[] | undefined): ReactNode[] {
		if (++this.#depth > limits.depth) throw new BeyondLimits();
		const nodes = (tokens ?? []).map((token) => this.#node(token as MarkedToken));
		this.#depth--;
		return nodes;
	}

	/** Children stand in their place for ever: without keys. */
	#element<T extends ElementType>(type: T, props: ComponentProps<T> | null, children: readonly ReactNode[] = []) {
		if (++this.#elements > limits.elements) throw new BeyondLimits();
		return createElement<ComponentProps<T>>(type, props, ...children);
	}

	#node(token: MarkedToken): ReactNode {
		switch (token.type) {
			case 'space':
				return null;
			case 'br':
				return this.#element('br', null);
			case 'hr':
				return this.#element('hr', null);
			case 'paragraph':
				return this.#element('p', null, this.nodes(token.tokens));
			// A chat has no headings that a screen reader should jump to.
			case 'heading':
				return this.#element('p', null, [this.#element('strong', null, this.nodes(token.tokens))]);
			case 'strong':
			case 'em':
			case 'del':
			case 'blockquote':
				return this.#element(token.type, null, this.nodes(token.tokens));
			case 'codespan':
				return this.#element('code', null, [token.text]);
			case 'code':
				return this.#element(CodeBlock, { code: token.text, language: token.lang ?? '' });
			case 'checkbox':
				return token.checked ? '☑ ' : '☐ ';
			case 'list':
				return this.#list(token);
			case 'table':
				return this.#table(token);
			case 'link':
				return this.#link(token, () => (token.autolink ? [token.text] : this.nodes(token.tokens)));
			case 'image':
				return this.#link(token, () => [token.text === '' ? token.href : token.text]);
			case 'escape':
				return token.text;
			case 'text':
				// As it was written: the lexer has made characters of references like `&#35;`.
				return token.tokens === undefined
					? withEmoji(token.raw)
					: this.#element(Fragment, null, this.nodes(token.tokens));
			case 'html':
				return token.block ? this.#element('p', null, [token.raw.trimEnd()]) : token.raw;
			default:
				return token.raw;
		}
	}

	#link({ href, raw, text }: Tokens.Link | Tokens.Image, children: () => ReactNode[]): ReactNode {
		const allowed = this.#inLink ? undefined : allowedHref(href);
		if (allowed === undefined || claimsAnother(text, allowed)) return raw;
		this.#inLink = true;
		const content = children();
		this.#inLink = false;
		// The title tells where it leads, whatever its text says.
		const props = { href: allowed, title: allowed, target: '_blank', rel: 'noopener noreferrer nofollow' };
		return this.#element('a', props, content);
	}

	#list({ ordered, start, items }: Tokens.List): ReactNode {
		const rows = items.map((item) => this.#element('li', null, this.nodes(item.tokens)));
		return ordered ? this.#element('ol', { start: Number(start) }, rows) : this.#element('ul', null, rows);
	}

	#table({ header, rows }: Tokens.Table): ReactNode {
		const row = (cells: readonly Tokens.TableCell[]) =>
			this.#element(
				'tr',
				null,
				cells.map((cell) => this.#cell(cell)),
			);
		const head = this.#element('thead', null, [row(header)]);
		const body = this.#element('tbody', null, rows.map(row));
		// What scrolls has to be reached by the keyboard.
		const frame = { className: styles.scroller, tabIndex: 0 };
		return this.#element('div', frame, [this.#element('table', null, [head, body])]);
	}

	#cell({ header, align, tokens }: Tokens.TableCell): ReactNode {
		const className = align === null ? undefined : styles[align];
		return this.#element(header ? 'th' : 'td', { className }, this.nodes(tokens));
	}
}

const options = { gfm: true, breaks: true };
/** Where emphasis is looked for, references to definitions need not be: the search takes a time that grows with the square. */
const inline = { ...Lexer.rules.inline.breaks, reflinkSearch: /(?!)/g };

/** What a message looks like. Throws BeyondLimits when it is too much. */
export const renderMarkdown = (text: string): ReactNode[] => {
	if (text.split('\n', limits.lines + 1).length > limits.lines) throw new BeyondLimits();
	const tokenizer = new MessageTokenizer();
	const lexer = new Lexer({ ...options, tokenizer });
	tokenizer.rules = { ...tokenizer.rules, inline };
	return new Renderer().nodes(lexer.lex(text));
};
