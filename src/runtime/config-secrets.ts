import type { Config } from './config-schema.ts';

const hidden = '***';

/** Hides passwords in URLs (`scheme://user:password@host`, `scheme://token@host`, `?password=…`), in each of a comma-separated list. */
export const hidePasswords = (text: string): string =>
	text
		.split(/,(?=[a-z0-9+.-]+:\/\/)/i)
		.map((url) =>
			url
				.replace(/^([a-z0-9+.-]+:\/\/[^:@/?]*:).*@/i, `$1${hidden}@`)
				.replace(/^(https?:\/\/)[^:@/?]+@/i, `$1${hidden}@`)
				.replace(/([?&][a-z_-]*(?:password|secret|token|key|ssl)=)[^&]*/gi, `$1${hidden}`),
		)
		.join(',');

/** Hides passwords in the URLs of a sentence. */
export const hidePasswordsIn = (sentence: string): string =>
	sentence.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, hidePasswords);

/** Settings that are secrets as a whole. */
const secrets: ReadonlySet<string> = new Set(['rpc.secret', 'rpc.other_secret', 'etcd.password']);

/** Settings that are secrets, or hold some: these can come from a file that `TSCHAT_…_FILE` names. */
export const secretSettings: ReadonlySet<string> = new Set([...secrets, 'store.url', 'redis.url']);

/** A setting's value as it may be shown. */
export const shownValue = (key: string, value: unknown): unknown => {
	if (typeof value !== 'string') return value;
	return secrets.has(key) && value !== '' ? hidden : hidePasswords(value);
};

/** The configuration as it may be printed. */
export const withoutSecrets = (config: Config): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(config).map(([name, value]) => [
			name,
			typeof value === 'string'
				? shownValue(name, value)
				: Object.fromEntries(
						Object.entries(value).map(([key, setting]) => [key, shownValue(`${name}.${key}`, setting)]),
					),
		]),
	);
