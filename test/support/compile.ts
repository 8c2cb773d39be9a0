import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { temporaryFolder } from './processes.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * Compiles a TypeScript file and what it imports, for tests to run as processes that start quickly; the path of the script.
 * It goes when the test process ends.
 */
export const compile = (file: string): string => {
	const folder = temporaryFolder('compiled').path;
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
	const compilerOptions = { noEmit: false, rootDir: root, outDir: folder };
	const project = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: [resolve(file)] };
	writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
	const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
	if (status !== 0) throw new Error(`${file} does not compile\n${stdout}`);
	return join(folder, relative(root, resolve(file)).replace(/\.ts$/, '.js'));
};
