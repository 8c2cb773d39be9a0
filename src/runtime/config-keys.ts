import { closestMatch } from 'leven';
import type { TSchema } from 'typebox';
import Type from 'typebox';
import { Config } from './config-schema.ts';

/** Schema of each setting, by key: `mode`, `api.port` … */
export const settings: ReadonlyMap<string, TSchema> = new Map(
	Object.entries(Config.properties).flatMap(([name, schema]): [string, TSchema][] =>
		Type.IsObject(schema)
			? Object.entries(schema.properties).map(([key, setting]) => [`${name}.${key}`, setting])
			: [[name, schema]],
	),
);

/** `api.port` is TSCHAT_API_PORT in the environment. */
export const variableOf = (key: string): string => `TSCHAT_${key.replace('.', '_').toUpperCase()}`;

/** The end of a sentence about an unknown name: the nearest known one, or nothing when none is near. */
export const didYouMean = (unknown: string, known: Iterable<string>): string => {
	const nearest = closestMatch(unknown, [...known], { maxDistance: Math.max(2, Math.floor(unknown.length / 3)) });
	return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
};

const wholeNumber = ({ minimum, maximum }: { minimum?: number; maximum?: number }): string =>
	`a whole number${minimum === undefined ? '' : ` from ${minimum}`}${maximum === undefined ? '' : ` to ${maximum}`}`;

/** What a setting may be, in words. */
export const allowedFor = (schema: TSchema): string => {
	if (Type.IsInteger(schema)) return wholeNumber(schema as { minimum?: number; maximum?: number });
	if (Type.IsBoolean(schema)) return 'true or false';
	if (Type.IsUnion(schema)) {
		return schema.anyOf.map((option) => (Type.IsLiteral(option) ? `"${option.const}"` : '')).join(', ');
	}
	return 'description' in schema ? String(schema.description) : 'text that is not empty';
};
