import type { TSchema } from 'typebox';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** The parts of JSON Schema that the protocol's schemas use. */
interface Schema {
	readonly type?: string;
	readonly const?: unknown;
	readonly anyOf?: readonly Schema[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly patternProperties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly items?: Schema;
	readonly pattern?: string;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minimum?: number;
	readonly maximum?: number;
}

const texts = ['hello', 'läuft', '你好 😀', 'a "quoted" \\ line\n', 'x'];

const ofPattern = (random: Random, pattern: string, world: World): string => {
	if (pattern.includes('dm:')) return random.pick(world.convs);
	if (pattern.includes('user')) return random.pick(world.feeds);
	if (pattern.includes('room')) return `room:${random.pick(world.rooms)}`;
	if (pattern.includes('[0-9]')) return String(random.pick(world.userIds));
	return random.pick(world.names);
};

const text = (random: Random, name: string, schema: Schema, world: World): string => {
	if (/token/i.test(name)) return random.pick(world.tokens);
	if (schema.pattern !== undefined) return ofPattern(random, schema.pattern, world);
	if (name === 'id') return String(random.int(1_000_000));
	if (/name/i.test(name)) return random.pick(world.names);
	if (/pass|current|next/i.test(name)) return '111111';
	if (name === 'ref') return `ref-${random.int(1_000_000)}`;
	if (/^(body|msg)$/.test(name) && random.chance(0.02))
		return random.pick(['\u0001', 'y']).repeat(schema.maxLength ?? 8192);
	return random.pick(texts).slice(0, schema.maxLength);
};

const integer = (
	random: Random,
	name: string,
	{ minimum = 0, maximum = 2 ** 53 - 1 }: Schema,
	world: World,
): number => {
	if (/room/i.test(name)) return random.pick(world.rooms);
	if (/user|^id/i.test(name)) return random.pick(world.userIds);
	if (random.chance(0.05)) return random.pick([minimum, maximum]);
	return Math.min(maximum, minimum + random.int(random.chance(0.2) ? 2 ** 40 : 50));
};

const object = (random: Random, schema: Schema, world: World): Record<string, unknown> => {
	const made: Record<string, unknown> = {};
	for (const [key, property] of Object.entries(schema.properties ?? {})) {
		if (schema.required?.includes(key) || random.chance(0.7)) made[key] = make(random, property, world, key);
	}
	for (const [pattern, property] of Object.entries(schema.patternProperties ?? {})) {
		for (let left = random.int(4); left > 0; left -= 1) {
			const key = pattern === '^.*$' ? String(random.pick(world.userIds)) : ofPattern(random, pattern, world);
			made[key] = make(random, property, world, '');
		}
	}
	return made;
};

const make = (random: Random, schema: Schema, world: World, name: string): unknown => {
	if (schema.const !== undefined) return schema.const;
	if (schema.anyOf !== undefined) return make(random, random.pick(schema.anyOf), world, name);
	switch (schema.type) {
		case 'object':
			return object(random, schema, world);
		case 'array':
			return Array.from({ length: 1 + random.int(3) }, () => make(random, schema.items ?? {}, world, name));
		case 'string':
			return text(random, name, schema, world);
		case 'integer':
		case 'number':
			return integer(random, name, schema, world);
		case 'boolean':
			return random.chance(0.5);
		default:
			return null;
	}
};

/** A value that fits the schema, as far as this understands it, of things that exist in the world. */
export const generate = (random: Random, schema: TSchema, world: World): unknown =>
	make(random, schema as Schema, world, '');
