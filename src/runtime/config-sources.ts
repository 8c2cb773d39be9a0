import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import type { TSchema } from 'typebox';
import Type from 'typebox';
import { didYouMean, settings, variableOf } from './config-keys.ts';
import { secretSettings } from './config-secrets.ts';
import { UsageError } from './failures.ts';

/** One setting as one source gives it. `source` is what a message calls it: a file, a variable, `--set`. */
export interface Given {
	readonly value: unknown;
	readonly source: string;
}

/** The settings that one source gives, by key. */
export type Layer = ReadonlyMap<string, Given>;

const variables = new Map([...settings.keys()].map((key) => [variableOf(key), key]));

const schemaOf = (key: string, source: string): TSchema => {
	const schema = settings.get(key);
	if (schema === undefined)
		throw new UsageError(`unknown key "${key}" in ${source}${didYouMean(key, settings.keys())}`);
	return schema;
};

/** Text is all that the environment and the command line can give: numbers and booleans are read from it. */
const fromText = (schema: TSchema, text: string): unknown => {
	if (Type.IsInteger(schema)) return /^-?[0-9]+$/.test(text) ? Number(text) : text;
	if (Type.IsNumber(schema)) return /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : text;
	if (Type.IsBoolean(schema)) return text === 'true' ? true : text === 'false' ? false : text;
	return text;
};

const isTable = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const readToml = (path: string): Record<string, unknown> => {
	try {
		return parse(readFileSync(path, 'utf8'));
	} catch (error) {
		if (error instanceof TomlError) {
			const [what] = error.message.split('\n');
			throw new UsageError(`${path}:${error.line}:${error.column}: ${what}`);
		}
		const code = (error as NodeJS.ErrnoException).code;
		throw new UsageError(
			code === 'ENOENT' ? `there is no config file "${path}"` : `cannot read config file "${path}" (${code})`,
		);
	}
};

/** The settings of a TOML file. */
export const fileLayer = (path: string): Layer => {
	const layer = new Map<string, Given>();
	for (const [name, value] of Object.entries(readToml(path))) {
		const entries = isTable(value) ? Object.entries(value) : [];
		for (const [key, setting] of entries) {
			schemaOf(`${name}.${key}`, path);
			layer.set(`${name}.${key}`, { value: setting, source: path });
		}
		const isSection = [...settings.keys()].some((key) => key.startsWith(`${name}.`));
		if (isTable(value) && isSection) continue;
		if (isSection) throw new UsageError(`"${name}" in ${path} is a section: write [${name}]`);
		schemaOf(name, path);
		layer.set(name, { value, source: path });
	}
	return layer;
};

/** `TSCHAT_RPC_SECRET_FILE` names a file that holds the setting, as Docker and Kubernetes hand over secrets. */
const fileVariables = new Map([...secretSettings].map((key) => [`${variableOf(key)}_FILE`, key]));

const readSecret = (variable: string, path: string): string => {
	try {
		return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
	} catch (error) {
		throw new UsageError(
			`cannot read the file "${path}" that ${variable} names (${(error as NodeJS.ErrnoException).code})`,
		);
	}
};

/** What Kubernetes gives every container for each Service of its namespace: of one named tschat-api they look like settings. */
const isServiceLink = (variable: string, text: string): boolean =>
	/_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/.test(variable) ||
	(variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text));

/** The settings of the TSCHAT_ variables in the environment. */
export const environmentLayer = (environment: NodeJS.ProcessEnv): Layer => {
	const layer = new Map<string, Given>();
	for (const [variable, text] of Object.entries(environment)) {
		if (!variable.startsWith('TSCHAT_') || text === undefined) continue;
		const inFile = fileVariables.get(variable);
		if (inFile !== undefined) {
			const plain = variableOf(inFile);
			if (environment[plain] !== undefined)
				throw new UsageError(`${plain} and ${variable} are both set: leave out one`);
			layer.set(inFile, { value: readSecret(variable, text), source: variable });
			continue;
		}
		if (isServiceLink(variable, text)) {
			throw new UsageError(
				`${variable} is of a Service of Kubernetes, and no setting: write enableServiceLinks: false into the pod's spec`,
			);
		}
		const key = variables.get(variable);
		if (key === undefined) {
			throw new UsageError(
				`unknown variable ${variable}${didYouMean(variable, [...variables.keys(), ...fileVariables.keys()])}`,
			);
		}
		layer.set(key, { value: fromText(schemaOf(key, variable), text), source: variable });
	}
	return layer;
};

/** The settings of `--set section.key=value` flags. */
export const flagLayer = (assignments: readonly string[]): Layer => {
	const layer = new Map<string, Given>();
	for (const assignment of assignments) {
		const equals = assignment.indexOf('=');
		if (equals < 1) throw new UsageError(`--set takes section.key=value, not "${assignment}"`);
		const key = assignment.slice(0, equals);
		layer.set(key, { value: fromText(schemaOf(key, '--set'), assignment.slice(equals + 1)), source: '--set' });
	}
	return layer;
};
