// The last step of a build: copies what tsc leaves out (Lua scripts) beside the compiled files, and marks dist as built.
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const target = join(root, 'dist');

for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
	if (!entry.name.endsWith('.lua')) continue;
	const path = join(entry.parentPath, entry.name);
	cpSync(path, join(target, relative(source, path)));
}
writeFileSync(join(target, '.built'), '');
