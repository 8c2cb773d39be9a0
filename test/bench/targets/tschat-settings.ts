import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unlimited } from '../../support/cluster.ts';

const buildIfStale = fileURLToPath(new URL('../../../scripts/build-if-stale.mjs', import.meta.url));

/** What is measured is what is in src. */
export const build = (): void => void execFileSync(process.execPath, [buildIfStale], { stdio: ['ignore', 2, 2] });

/** What test/support sets for tests that must be quick, put back to the defaults; the lease is longer, since a loaded machine shall lose none. */
export const asUsersRunIt = {
	'etcd.lease_seconds': 10,
	'connect.presence_interval_ms': 1000,
	...unlimited,
} as const;

/** etcd's own defaults. */
export const etcdArgs = ['--heartbeat-interval', '100', '--election-timeout', '1000'] as const;

/** A store in a folder of its own, below the one that is given. */
export const newStoreUrl = (folder: string, name: string): string =>
	`sqlite:${join(mkdtempSync(join(folder, `${name}-`)), 'tschat.db')}`;
