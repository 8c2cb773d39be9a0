import { type Compilable, CompiledQuery, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * The texts of statements that are run for every message. To build one for many rows costs as much as to run it, so each is built
 * once for each number of rows (see `chunksOf`: there are nine), and later only the values are put in.
 */
export class SqlTexts {
	readonly #texts = new Map<string, string>();

	/** The same for rows of a table, whose columns are those of the first row. */
	insert<R>(db: Kysely<Tables>, name: string, rows: readonly object[], build: () => Compilable<R>): Promise<R[]> {
		const columns = Object.keys(rows[0] ?? {});
		const values = rows.map((row) => columns.map((column) => Reflect.get(row, column) as unknown));
		return this.run(db, `${name} (${columns})`, values, build);
	}

	/**
	 * Runs the statement that `build` makes, or made earlier under this name for as many rows; what it returns. `rows` are its
	 * values in the order of its text, all of one length.
	 */
	async run<R>(
		db: Kysely<Tables>,
		name: string,
		rows: readonly (readonly unknown[])[],
		build: () => Compilable<R>,
	): Promise<R[]> {
		const key = `${name} ${rows.length}`;
		// `flat` takes five times as long.
		const values: unknown[] = [];
		for (const row of rows) values.push(...row);
		let text = this.#texts.get(key);
		if (text === undefined) {
			const { sql, parameters } = build().compile();
			if (parameters.length !== values.length || parameters.some((value, index) => value !== values[index]))
				throw new Error(`the values of "${name}" are not in the order of its text`);
			text = sql;
			this.#texts.set(key, text);
		}
		const result = await db.executeQuery<R>(CompiledQuery.raw(text, values));
		return result.rows;
	}
}
