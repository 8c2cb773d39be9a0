/** Beyond one of these a message is shown as it was written, without a look at its markdown: what it costs to show a message is bounded. */
export const limits = {
	/** Characters that the lexer may have before it, summed over its steps: it takes some 50 ns for each of them at worst. */
	work: 300_000,
	lines: 1000,
	/** Blocks within blocks, or spans within spans. */
	depth: 16,
	/** Elements that a message becomes. */
	elements: 1500,
	/** Characters of one link, its text and its address. */
	link: 2048,
	tableColumns: 32,
	tableCells: 500,
};

/** Only ever caught by `parseMessage`'s caller; what it says is for nobody. */
export class BeyondLimits extends Error {}
