const tilde = 0x7e;
const zero = 0x30;
const timeDigits = 16;
const maxIndexDigits = 9;

/** The shortest body that holds a marker of any index. */
export const minBodyBytes = maxIndexDigits + timeDigits + 3;

/** `~<index>~<when it was due, in µs, 16 digits>~`, filled up with `x`. It passes JSON as it is. */
export const bodyOf = (index: number, sentAt: number, bytes: number): string =>
	`~${index}~${Math.floor(sentAt).toString().padStart(timeDigits, '0')}~`.padEnd(bytes, 'x');

/** Eight digits as a number, or below 0 where one is none. */
const eight = (bytes: Uint8Array, at: number): number => {
	let value = 0;
	for (let place = at; place < at + 8; place += 1) {
		const digit = (bytes[place] ?? 0) - zero;
		if (digit < 0 || digit > 9) return -1;
		value = value * 10 + digit;
	}
	return value;
};

/** Finds the marker in frames, without making anything for any of them: what it found is in its fields until the next one. */
export class MarkerReader {
	index = 0;
	sentAt = 0;
	/** Where the last marker began in its frame: most others begin there too, so that few bytes are looked at. */
	#offset = 0;

	/** Whether there is a marker from `start` to `end`. */
	find(bytes: Uint8Array, start: number, end: number): boolean {
		if (this.#at(bytes, start + this.#offset, end)) return true;
		for (let at = start; at < end; at += 1) {
			if (bytes[at] === tilde && this.#at(bytes, at, end)) {
				this.#offset = at - start;
				return true;
			}
		}
		return false;
	}

	#at(bytes: Uint8Array, begin: number, end: number): boolean {
		if (begin >= end || bytes[begin] !== tilde) return false;
		let at = begin + 1;
		let index = 0;
		for (; at < end && bytes[at] !== tilde; at += 1) {
			const digit = (bytes[at] ?? 0) - zero;
			if (digit < 0 || digit > 9 || at > begin + maxIndexDigits) return false;
			index = index * 10 + digit;
		}
		const close = at + 1 + timeDigits;
		if (at === begin + 1 || close >= end || bytes[close] !== tilde) return false;
		const high = eight(bytes, at + 1);
		const low = eight(bytes, at + 9);
		if (high < 0 || low < 0) return false;
		this.index = index;
		this.sentAt = high * 1e8 + low;
		return true;
	}
}
