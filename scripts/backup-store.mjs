// Which store scripts/backup and scripts/restore are about.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BackupFailure } from './backup-failure.mjs';
import { kindOf, sqlitePath } from './backup-tools.mjs';

/** The options by which every command finds it, and one to name another. */
export const storeOptions = {
	config: { type: 'string', multiple: true },
	set: { type: 'string', multiple: true },
	store: { type: 'string' },
};

export const storeHelp = `  --config FILE             settings, as the modules have them; repeatable, later ones win
  --set section.key=value   one setting; repeatable. The environment counts too: TSCHAT_STORE_URL, TSCHAT_STORE_URL_FILE
  --store URL               another store than store.url of these settings. Whoever is on this machine sees a password in it
`;

const built = join(import.meta.dirname, '../dist/server/store-settings.js');

/** A program that is there is taken as it is: a build would take files away from under modules that run. */
const loadProgram = async () => {
	if (!existsSync(built)) await import('./build-if-stale.mjs');
	return import('../dist/server/store-settings.js');
};

/**
 * The URL of the store, and how to show it. The program reads the settings, so that this is the store of the modules; what is
 * wrong with them is told as it tells it.
 */
export const chooseStore = async ({ config, set, store }) => {
	if (store === '') throw new BackupFailure('--store is empty: is the variable set from which it is taken?', 2);
	const { storeUrlOf, hidePasswords, UsageError } = await loadProgram();
	try {
		const ofSettings = storeUrlOf({ config, set });
		const url = store ?? ofSettings;
		if (kindOf(url) === 'SQLite') return { url, shown: `sqlite:${sqlitePath(url)}` };
		// Not shown: it may hold a password.
		if (!URL.canParse(url))
			throw new BackupFailure('the store is no URL: write / and # of a password as %2F and %23, and so on', 2);
		return { url, shown: hidePasswords(url) };
	} catch (error) {
		throw error instanceof UsageError ? new BackupFailure(error.message, 2) : error;
	}
};
