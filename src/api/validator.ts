import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import { ChatError } from '../protocol/errors.ts';
import { type Fault, firstFault, reasonOf } from '../protocol/validate.ts';

const propertyOf = (schema: TSchema, name: string): unknown =>
	'properties' in schema ? (schema.properties as Record<string, unknown>)[name] : undefined;

/** What to tell a person about the first fault; a schema with a `description` explains itself better than its pattern does. */
const routeReason = (schema: TSchema, fault: Fault | undefined): string => {
	if (fault === undefined || fault.keyword === 'required') return reasonOf(fault);
	const name = fault.instancePath.slice(1);
	if (name === '') return 'the body must be a JSON object';
	const property = propertyOf(schema, name);
	const described = typeof property === 'object' && property !== null && 'description' in property;
	return described && fault.keyword !== 'type' ? `${name}: ${property.description}` : reasonOf(fault);
};

/**
 * Compiles the routes' schemas with TypeBox. Bodies are taken as they are: gochat tells `1` from `"1"`.
 * Query strings hold only text, so there numbers are read from it.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
	const validator = Compile(schema);
	// No body is one without fields, where none has to be there.
	const emptyBody = httpPart === 'body' && validator.Check({}) ? {} : undefined;
	return (input: unknown) => {
		const value = httpPart === 'querystring' ? Convert(schema, input) : (input ?? emptyBody);
		if (validator.Check(value)) return { value };
		return { error: new ChatError('bad-request', routeReason(schema, firstFault(validator, value))) };
	};
};
