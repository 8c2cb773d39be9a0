import { hostileKeys, hostileNumbers, hostileTexts, hostileValues, Raw } from './hostile.ts';
import type { Random } from './random.ts';

/** JSON text, with `Raw` parts as they are. Keys may repeat, as an array of pairs would. */
export const toText = (value: unknown): string => {
	if (value instanceof Raw) return value.text;
	if (Array.isArray(value)) return `[${value.map(toText).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	return `{${Object.entries(value)
		.map(([key, item]) => `${JSON.stringify(key)}:${toText(item)}`)
		.join(',')}}`;
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Raw);

const another = (random: Random, value: unknown): unknown => {
	if (random.chance(0.3)) return random.pick(hostileValues);
	if (typeof value === 'number') {
		if (random.chance(0.3)) return value + random.pick([-1, 1, 0.5, 2 ** 32]);
		return random.chance(0.5) ? random.pick(hostileNumbers) : String(value);
	}
	if (typeof value === 'string' && random.chance(0.5)) {
		const cut = random.int(value.length + 1);
		const hostile = random.pick(hostileTexts);
		if (hostile instanceof Raw) return hostile;
		return random.chance(0.5) ? hostile : value.slice(0, cut) + hostile + value.slice(cut);
	}
	return random.pick([...hostileTexts, ...hostileNumbers]);
};

/** A copy of an object; with a pair more, if one is given, also one named `__proto__`. */
const withPair = (value: Record<string, unknown>, key: string, item: unknown): Raw => {
	const pairs = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${toText(one)}`);
	return new Raw(`{${[...pairs, `${JSON.stringify(key)}:${toText(item)}`].join(',')}}`);
};

const mutateObject = (random: Random, value: Record<string, unknown>): unknown => {
	const keys = Object.keys(value);
	const key = keys.length === 0 ? '' : random.pick(keys);
	const { [key]: chosen, ...rest } = value;
	switch (random.int(8)) {
		case 0:
			return rest;
		case 1:
			return withPair(value, random.pick(hostileKeys), random.pick([chosen, random.pick(hostileValues)]));
		case 2:
			// The same key twice.
			return withPair(value, key, another(random, chosen));
		case 3:
			return { ...rest, [key.toUpperCase()]: chosen };
		default:
			return { ...value, [key]: mutateValue(random, chosen) };
	}
};

const mutateArray = (random: Random, value: readonly unknown[]): unknown => {
	const at = random.int(value.length);
	if (random.chance(0.2)) return value.filter((_, index) => index !== at);
	if (random.chance(0.2)) return Array.from({ length: random.pick([2, 100, 1001]) }, () => value[at]);
	return value.map((item, index) => (index === at ? mutateValue(random, item) : item));
};

/** The value with one thing changed, somewhere: its type, a bound, a key, a length. The result may hold `Raw` parts. */
const mutateValue = (random: Random, value: unknown): unknown => {
	if (random.chance(0.1)) return another(random, value);
	if (Array.isArray(value) && value.length > 0) return mutateArray(random, value);
	if (isPlain(value) && Object.keys(value).length > 0) return mutateObject(random, value);
	return another(random, value);
};

/** As JSON text with up to three changes. */
export const mutateJson = (random: Random, value: unknown): string => {
	let mutated = value;
	for (let left = 1 + random.int(3); left > 0; left -= 1) mutated = mutateValue(random, mutated);
	return toText(mutated);
};
