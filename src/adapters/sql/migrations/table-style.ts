import type { ColumnDataType, ColumnDefinitionBuilder, Expression, RawBuilder } from 'kysely';

/** How one database writes what the migrations need. */
export interface TableStyle {
	/** An integer up to 2^53. */
	readonly integer: ColumnDataType;
	/** A string of at most so many characters, compared byte by byte. */
	text(characters: number): ColumnDataType | Expression<unknown>;
	/** A string of up to 64 KiB. */
	readonly longText: ColumnDataType;
	/** Makes an integer column the primary key, numbered by the database. */
	numbered(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
	/** Whether an index can be of some rows only. */
	readonly partialIndexes: boolean;
	/** What follows the columns of a table. `clustered`: rows are stored in the order of the primary key, where that is a choice. */
	tableEnd(clustered: boolean): RawBuilder<unknown>;
}
