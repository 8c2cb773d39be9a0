/** What names are compared by: "Ａnna", "ANNA" and "anna" are one. Normalised again because lower case can decompose ("İ"). */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC');

/** A name and what it is compared by. */
export interface ParsedName {
	/** As others see it: NFC, case kept. */
	readonly name: string;
	readonly key: string;
}
