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

/** Beyond so many values of a frame or body nobody is told what is wrong with it: TypeBox looks at all of them to tell. */
const explainedValues = 500;

/** Whether a value holds more values than that. */
const isLarge = (value: unknown, left = { values: explainedValues }): boolean => {
	left.values -= 1;
	if (left.values < 0) return true;
	if (typeof value !== 'object' || value === null) return false;
	for (const name in value) if (isLarge((value as Record<string, unknown>)[name], left)) return true;
	return false;
};

/** The first fault of a value that does not fit; undefined when finding it would take long. */
export const firstFault = (validator: Pick<ReturnType<typeof Compile>, 'Errors'>, value: unknown): Fault | undefined =>
	isLarge(value) ? undefined : validator.Errors(value)[0];

/** Compiles a schema once into its check. Compiling costs a millisecond: call it at start, never per request. */
export const compile = <S extends TSchema>(schema: S): Validate<Static<S>> => {
	const validator = Compile(schema);
	return (value) => {
		if (validator.Check(value)) return value as Static<S>;
		throw new ChatError('bad-request', reasonOf(firstFault(validator, value)));
	};
};
