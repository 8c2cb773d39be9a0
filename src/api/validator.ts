import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import { ChatError } from '../protocol/errors.ts';

interface Fault {
	readonly keyword: string;
	readonly instancePath: string;
	readonly message: string;
	readonly params: object;
}

const propertyOf = (schema: TSchema, name: string): unknown =>
	'properties' in schema ? (schema.properties as Record<string, unknown>)[name] : undefined;

/** What to tell a person about the first fault; a schema with a `description` explains itself better than its pattern does. */
const reasonOf = (schema: TSchema, fault: Fault | undefined): string => {
	if (fault === undefined) return 'the request is not valid';
	if (fault.keyword === 'required') {
		const [missing] = (fault.params as { requiredProperties?: string[] }).requiredProperties ?? [];
		return `${missing}: required`;
	}
	const name = fault.instancePath.slice(1);
	if (name === '') return 'the body must be a JSON object';
	const property = propertyOf(schema, name);
	const described = typeof property === 'object' && property !== null && 'description' in property;
	return `${name}: ${described && fault.keyword !== 'type' ? property.description : fault.message}`;
};

/**
 * Compiles the routes' schemas with TypeBox. Bodies are taken as they are: gochat tells `1` from `"1"`.
 * Query strings hold only text, so there numbers are read from it.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
	const validator = Compile(schema);
	return (input: unknown) => {
		const value = httpPart === 'querystring' ? Convert(schema, input) : input;
		if (validator.Check(value)) return { value };
		return { error: new ChatError('bad-request', reasonOf(schema, validator.Errors(value)[0])) };
	};
};
