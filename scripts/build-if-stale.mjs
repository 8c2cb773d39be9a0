// Builds when dist is missing or older than src or site; ends the process with what the compiler said when that fails.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const newestSource = Math.max(
	...['src', 'site']
		.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
		.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
);
// Written by mark-built.mjs, the last step of a build.
const built = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false });

if (built === undefined || newestSource > built.mtimeMs) {
	process.stderr.write('tschat: building …\n');
	const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
	if (status !== 0) {
		process.stderr.write('tschat: the build failed\n');
		process.exit(1);
	}
	// `npm start` goes on in this process: what it says of its start is counted from here.
	performance.mark('tschat-built');
}
