import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Tests that run the binary run what is in src, also when they are started one by one. */
export const setup = (): void => {
	const script = join(import.meta.dirname, '..', '..', 'scripts', 'build-if-stale.mjs');
	execFileSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
};
