/** Rows in one statement: 2,816 parameters, and at most a few megabytes, are within the limits of every database. */
export const rowsPerStatement = 256;

/**
 * Rows in pieces of 256, 128, 64 … 1: nine texts for every number of rows, so that a database prepares each of
 * them once, and not one for every size that a batch can have.
 */
export function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
	for (let start = 0; start < rows.length; ) {
		const size = Math.min(rowsPerStatement, 2 ** Math.floor(Math.log2(rows.length - start)));
		yield rows.slice(start, start + size);
		start += size;
	}
}

/** The same for what is looked up: filled up to a power of two with its last value, which changes no answer. */
export const padded = <T>(values: readonly T[]): readonly T[] => {
	const last = values.at(-1);
	const size = 2 ** Math.ceil(Math.log2(values.length));
	return last === undefined || size === values.length
		? values
		: [...values, ...new Array<T>(size - values.length).fill(last)];
};
