import { Compile } from 'typebox/compile';
import { allowedFor, settings } from './config-keys.ts';
import { checkRules, type Runs } from './config-rules.ts';
import { Config } from './config-schema.ts';
import { shownValue } from './config-secrets.ts';
import { environmentLayer, fileLayer, flagLayer, type Given } from './config-sources.ts';
import { UsageError } from './failures.ts';
import { defaultConfigFile } from './package-info.ts';

interface ConfigSources {
	/** TOML files that are merged over `config/default.toml`, one after the other, key by key. */
	readonly files?: readonly string[];
	readonly environment: NodeJS.ProcessEnv;
	/** `section.key=value`, each. */
	readonly assignments: readonly string[];
	/** The one module that will run, or `none`; undefined: all of them, in one process. */
	readonly module?: Runs;
}

const validator = Compile(Config);

const nested = (given: ReadonlyMap<string, Given>): Record<string, unknown> => {
	const config: Record<string, unknown> = {};
	for (const [path, { value }] of given) {
		const [name = '', key] = path.split('.');
		if (key === undefined) config[name] = value;
		else config[name] = { ...(config[name] as object | undefined), [key]: value };
	}
	return config;
};

const explain = (key: string, given: Given | undefined): string => {
	const schema = settings.get(key);
	const allowed = schema === undefined ? 'set' : allowedFor(schema);
	if (given === undefined) return `${key} must be ${allowed}; nothing sets it`;
	return `${key} (${given.source}) must be ${allowed}, not ${JSON.stringify(shownValue(key, given.value))}`;
};

/**
 * The configuration: defaults, then the files, the environment, the command line; later ones win.
 * Throws `UsageError` naming the first fault. The result is frozen.
 */
export const loadConfig = (sources: ConfigSources): Config => {
	const given = new Map<string, Given>([
		...fileLayer(defaultConfigFile),
		...(sources.files ?? []).flatMap((file) => [...fileLayer(file)]),
		...environmentLayer(sources.environment),
		...flagLayer(sources.assignments),
	]);
	const config = nested(given);
	if (!validator.Check(config)) {
		const faulty = validator.Errors(config).map((error) => error.instancePath.slice(1).replace('/', '.'));
		const key = faulty.find((path) => settings.has(path)) ?? [...settings.keys()].find((known) => !given.has(known));
		throw new UsageError(key === undefined ? 'the configuration is not valid' : explain(key, given.get(key)));
	}
	checkRules(config, sources.module);
	for (const value of Object.values(config)) Object.freeze(value);
	return Object.freeze(config);
};
