// What scripts/backup and scripts/restore ask the program, so that they find the store as it does. Bundled beside main.ts.
import { type ConfigFlags, configOf } from './config-options.ts';

export { hidePasswords } from './runtime/config-secrets.ts';
export { UsageError } from './runtime/failures.ts';

/** `store.url` as the flags and the environment have it. Throws `UsageError`. */
export const storeUrlOf = (flags: ConfigFlags): string => configOf(flags, 'none').store.url;
