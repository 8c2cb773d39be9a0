/** Whom limits count a request for, as a param of logic: nothing when nobody knows. */
export interface Counted {
	readonly client?: string;
}

export const countedFor = (client: string | undefined): Counted => (client === undefined ? {} : { client });
