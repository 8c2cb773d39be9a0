import { Tokenizer, type Tokens } from 'marked';
import { bareLink } from './bare-link.ts';
import { BeyondLimits, limits } from './limits.ts';

/** Up to what may be more than text: markup, a line's end, a bare link. The first character is text in any case. */
const text = /^(?:`+|[\s\S])[\s\S]*?(?=[\\<![`*_~\n]|\bhttps?:\/\/|\bwww\.|$)/i;

const cellsOf = (line: string): number =>
	line
		.trim()
		.replace(/^\|/, '')
		.replace(/\|$/, '')
		.split(/(?<!\\)\|/).length;

/** Whether the lines are a table that shows every cell written, and not too many that are not. */
const isModestTable = (source: string): boolean => {
	const end = source.search(/\n[ \t]*\n/);
	const [header = '', , ...rows] = source.slice(0, end === -1 ? undefined : end).split('\n');
	const columns = cellsOf(header);
	return (
		columns <= limits.tableColumns &&
		columns * rows.length <= limits.tableCells &&
		rows.every((row) => cellsOf(row) <= columns)
	);
};

/**
 * Markdown as a chat wants it: GitHub's, where nothing that was written vanishes and nothing but a fence makes code. One for each
 * message: it counts what the message costs. Throws BeyondLimits.
 */
export class MessageTokenizer extends Tokenizer {
	#work = 0;
	#depth = 0;

	#spend(characters: number): void {
		this.#work += characters;
		if (this.#work > limits.work) throw new BeyondLimits();
	}

	#nested<T>(tokenize: () => T): T {
		if (++this.#depth > limits.depth) throw new BeyondLimits();
		const token = tokenize();
		this.#depth--;
		return token;
	}

	/** The first that the lexer tries at each block, most of whose rules look at a line. */
	override space(source: string): Tokens.Space | undefined {
		this.#spend(source.length / 16);
		return super.space(source);
	}

	/** The first that the lexer tries at each span. */
	override escape(source: string): Tokens.Escape | undefined {
		this.#spend(source.length);
		return super.escape(source);
	}

	override blockquote(source: string): Tokens.Blockquote | undefined {
		return this.#nested(() => super.blockquote(source));
	}

	override list(source: string): Tokens.List | undefined {
		return this.#nested(() => super.list(source));
	}

	override table(source: string): Tokens.Table | undefined {
		return isModestTable(source) ? super.table(source) : undefined;
	}

	/** Lines that are indented by accident are no code. */
	override code(): undefined {}

	/** A line of dashes is a rule, and makes no heading of what is above it. */
	override lheading(): undefined {}

	/** Definitions of links would vanish. */
	override def(): undefined {}

	/** Marked's pattern takes a time that grows with the square of what it looks at. */
	override link(source: string): Tokens.Link | Tokens.Image | undefined {
		return super.link(source.slice(0, limits.link));
	}

	/** Without definitions nothing refers to one. */
	override reflink(): undefined {}

	override url(source: string): Tokens.Link | undefined {
		const raw = bareLink(source);
		if (raw === undefined) return undefined;
		return { type: 'link', raw, href: raw, text: raw, autolink: true, tokens: [{ type: 'text', raw, text: raw }] };
	}

	/** Marked's own looks for addresses of mail in a time that grows with the square of a line. */
	override inlineText(source: string): Tokens.Text | undefined {
		const raw = text.exec(source)?.[0];
		return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false };
	}
}
