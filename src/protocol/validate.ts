import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ChatError } from './errors.ts';

/** Checks a value that crossed a border, and gives it its type. Throws `ChatError('bad-request')` naming the first fault. */
export type Validate<T> = (value: unknown) => T;

/** What TypeBox tells of a value that does not fit. */
export interface Fault {
	readonly keyword: string;
	readonly instancePath: string;
	readonly message: string;
	readonly params: object;
}

/** Names within may be the client's own, and go back to it: no more of them than helps. */
const longestPlace = 100;

/** The first fault for a person: the field's name first. */
export const reasonOf = (fault: Fault | undefined): string => {
	if (fault === undefined) return 'not valid';
	const { keyword, instancePath, message, params } = fault;
	const place = instancePath.slice(0, longestPlace).replaceAll('/', '.').replace(/^\./, '');
	const where = instancePath.length > longestPlace ? `${place}…` : place;
	if (keyword === 'required') {
		const [missing = ''] = (params as { requiredProperties?: string[] }).requiredProperties ?? [];
		return `${where === '' ? missing : `${where}.${missing}`}: required`;
	}
	// What a schema without a value for it says.
	const reason = keyword === 'boolean' ? 'not allowed' : message;
	return where === '' ? reason : `${where}: ${reason}`;
};

/** Compiles a schema once into its check. Compiling costs a millisecond: call it at start, never per request. */
export const compile = <S extends TSchema>(schema: S): Validate<Static<S>> => {
	const validator = Compile(schema);
	return (value) => {
		if (validator.Check(value)) return value as Static<S>;
		throw new ChatError('bad-request', reasonOf(validator.Errors(value)[0]));
	};
};
