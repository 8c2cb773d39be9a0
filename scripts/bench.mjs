// `npm run bench -- <scenario> [options]`: compiles test/bench with what it imports, and runs it. Everything it writes to the
// temporary folder goes when it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tschat-bench-'));
// Some database servers run as users of their own, and have their data below.
chmodSync(folder, 0o755);
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Compiles main.ts and what it starts as processes; the path of main. */
const compile = async () => {
	const target = join(folder, 'compiled');
	const project = {
		extends: join(root, 'tsconfig.json'),
		compilerOptions: { noEmit: false, rootDir: root, outDir: target },
		include: [join(root, 'test', 'bench', '**', '*-process.ts')],
		files: [join(root, 'test', 'bench', 'main.ts')],
	};
	writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
	writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	// Paths from there to what is not compiled are as in the sources.
	mkdirSync(target);
	for (const name of ['dist', 'docs', 'scripts']) symlinkSync(join(root, name), join(target, name));
	const tsc = spawn(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { stdio: ['ignore', 'pipe', 2] });
	tsc.stdout.pipe(process.stderr);
	// Not `exit`: the compiler is a process below this one, writes on after it, and closes the pipe last.
	const [code] = await once(tsc, 'close');
	if (code !== 0 || interrupted) process.exit(interrupted ? 130 : 1);
	return join(target, 'test', 'bench', 'main.js');
};

let child;
// One that comes while the compiler runs is heeded when it is done.
let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM']) {
	process.on(name, () => {
		interrupted = true;
		child?.kill(name);
	});
}
const args = [await compile(), ...process.argv.slice(2)];
child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, TMPDIR: folder } });
child.once('exit', (code) => process.exit(code ?? 1));
