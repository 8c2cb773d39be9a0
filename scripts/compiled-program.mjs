// Compiles a program below test/ with what it imports, and runs it. Everything it writes to the temporary folder goes when it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Runs test/<name>/main.ts with the arguments of this process, which ends with it. */
export const runCompiled = async (name) => {
	const folder = mkdtempSync(join(tmpdir(), `tschat-${name}-`));
	// Some database servers run as users of their own, and have their data below.
	chmodSync(folder, 0o755);
	process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

	let child;
	// One that comes while the compiler runs is heeded when it is done.
	let interrupted = false;
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.on(signal, () => {
			interrupted = true;
			child?.kill(signal);
		});
	}

	/** Compiles main.ts and what it starts as processes; the path of main. */
	const compile = async () => {
		const target = join(folder, 'compiled');
		const project = {
			extends: join(root, 'tsconfig.json'),
			compilerOptions: { noEmit: false, rootDir: root, outDir: target },
			include: [join(root, 'test', name, '**', '*-process.ts')],
			files: [join(root, 'test', name, 'main.ts')],
		};
		writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
		writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
		symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
		// Paths from there to what is not compiled are as in the sources.
		mkdirSync(target);
		for (const beside of ['dist', 'docs', 'scripts']) symlinkSync(join(root, beside), join(target, beside));
		const tsc = spawn(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { stdio: ['ignore', 'pipe', 2] });
		tsc.stdout.pipe(process.stderr);
		// Not `exit`: the compiler is a process below this one, writes on after it, and closes the pipe last.
		const [code] = await once(tsc, 'close');
		if (code !== 0 || interrupted) process.exit(interrupted ? 130 : 1);
		return join(target, 'test', name, 'main.js');
	};

	const args = [await compile(), ...process.argv.slice(2)];
	child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, TMPDIR: folder } });
	child.once('exit', (code) => process.exit(code ?? 1));
};
