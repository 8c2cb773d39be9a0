const headEnd = '\r\n\r\n';
const maxHeadBytes = 65_536;

/** The statuses without a body. */
const bodiless = new Set([204, 304]);

const bodyBytes = (status: number, head: string): number => {
	if (bodiless.has(status)) return 0;
	const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
	if (length === undefined) throw new Error('an answer without content-length');
	return Number(length);
};

/**
 * Reads the answers on a keep-alive HTTP/1.1 connection, wherever the reads split or join them. Only those with a
 * `content-length`: what small answers have from every server that the bench knows.
 */
export class AnswerReader {
	readonly #onAnswer: (status: number, body: string) => void;
	#text = '';
	/** Of the answer whose head is complete. */
	#status = 0;
	#length = -1;

	constructor(onAnswer: (status: number, body: string) => void) {
		this.#onAnswer = onAnswer;
	}

	/** The next bytes, as Latin-1. Throws on what is no such answer; the stream is then lost. */
	read(text: string): void {
		this.#text += text;
		while (this.#text.length > 0) {
			if (this.#length < 0 && !this.#readHead()) return;
			if (this.#text.length < this.#length) return;
			const body = this.#text.slice(0, this.#length);
			this.#text = this.#text.slice(this.#length);
			this.#length = -1;
			this.#onAnswer(this.#status, body);
		}
	}

	#readHead(): boolean {
		const end = this.#text.indexOf(headEnd);
		if (end < 0) {
			if (this.#text.length > maxHeadBytes) throw new Error('the head of an answer has no end');
			return false;
		}
		const head = this.#text.slice(0, end);
		const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
		if (status === undefined) throw new Error(`no answer of HTTP/1.1: ${head.slice(0, 40)}`);
		this.#status = Number(status);
		this.#length = bodyBytes(this.#status, head);
		this.#text = this.#text.slice(end + headEnd.length);
		return true;
	}
}
