import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ChatError } from './errors.ts';

/** Checks a value that crossed a border, and gives it its type. Throws `ChatError('bad-request')` naming the first fault. */
export type Validate<T> = (value: unknown) => T;

/** Compiles a schema once into its check. Compiling costs a millisecond: call it at start, never per request. */
export const compile = <S extends TSchema>(schema: S): Validate<Static<S>> => {
	const validator = Compile(schema);
	return (value) => {
		if (validator.Check(value)) return value as Static<S>;
		const first = validator.Errors(value)[0];
		const where = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') ?? '';
		throw new ChatError('bad-request', `${where === '' ? '' : `${where}: `}${first?.message ?? 'not valid'}`);
	};
};
