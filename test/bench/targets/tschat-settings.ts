import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const buildIfStale = fileURLToPath(new URL('../../../scripts/build-if-stale.mjs', import.meta.url));

/** What is measured is what is in src. */
export const build = (): void => void execFileSync(process.execPath, [buildIfStale], { stdio: ['ignore', 2, 2] });

/** What test/support sets for tests that must be quick, put back to the defaults; the lease is longer, since a loaded machine shall lose none. */
export const asUsersRunIt = {
	'etcd.lease_seconds': 10,
	'connect.presence_interval_ms': 1000,
	// A few users send what thousands would: what they may is not what is measured.
	'limits.connections_per_user': 1_000_000,
	'limits.connections_unauthenticated': 1_000_000,
	'limits.frames_per_second': 1_000_000,
	'limits.frames_burst': 1_000_000,
	'limits.bytes_per_second': 1_000_000_000,
	'limits.bytes_burst': 1_000_000_000,
} as const;

/** etcd's own defaults. */
export const etcdArgs = ['--heartbeat-interval', '100', '--election-timeout', '1000'] as const;

/** A store in a folder of its own, below the one that is given. */
export const newStoreUrl = (folder: string, name: string): string =>
	`sqlite:${join(mkdtempSync(join(folder, `${name}-`)), 'tschat.db')}`;
