const encoder = new TextEncoder();

/** The share of what a message may hold from which on the person is told how much is left. */
const nearly = 0.9;

/** What a draft becomes when it is sent. */
export interface MessageBody {
	/** Without the whitespace at its end; what is left of nothing but whitespace is empty. */
	readonly text: string;
	/** Bytes of UTF-8 that are left, less than 0 when it is too long; undefined while there are many. */
	readonly left: number | undefined;
	readonly canSend: boolean;
}

export const messageBody = (draft: string, maxBytes: number): MessageBody => {
	const text = draft.trimEnd();
	const told = maxBytes * nearly;
	// A UTF-16 unit is three bytes at most: most drafts need not be counted.
	const bytes = text.length * 3 < told ? 0 : encoder.encode(text).length;
	return { text, left: bytes >= told ? maxBytes - bytes : undefined, canSend: text !== '' && bytes <= maxBytes };
};
