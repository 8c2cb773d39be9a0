import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

interface Finding {
	readonly level: 'ok' | 'warn' | 'fail';
	readonly what: string;
	readonly found: string;
	readonly todo: string | null;
}

export interface Run {
	readonly own?: Record<string, string | number>;
	readonly module?: string;
	/** Programs before the doctor, and flags of Node. */
	readonly command?: readonly string[];
}

/** Runs the doctor that was built, with these settings and those of each run. */
export const createDoctor = (settings: ReadonlyMap<string, string | number>) => {
	const flags = (own: Run['own'] = {}): string[] =>
		Object.entries({ ...Object.fromEntries(settings), ...own }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

	const run = (args: readonly string[], { own = {}, module, command = [process.execPath] }: Run) =>
		new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
			const [program = '', ...before] = command;
			const all = [
				...before,
				main,
				'doctor',
				...args,
				...(module === undefined ? [] : ['--module', module]),
				...flags(own),
			];
			execFile(program, all, { timeout: 25_000 }, (error, stdout, stderr) => {
				resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
			});
		});

	/** What the doctor finds; its exit code has to fit. */
	const doctor = async (options: Run = {}): Promise<readonly Finding[]> => {
		const { code, stdout, stderr } = await run(['--json'], options);
		expect(stderr).toBe('');
		const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
		expect(ok).toBe(!findings.some(({ level }) => level === 'fail'));
		expect(code).toBe(ok ? 0 : 1);
		// Who is told that something is not right is told what to do.
		expect(findings.filter(({ level, todo }) => (level === 'ok') !== (todo === null))).toEqual([]);
		return findings;
	};

	return { doctor, run, flags };
};

/** But for slowness: a machine that is busy with other tests is slow, and the doctor says so. */
export const faults = (findings: readonly Finding[]) =>
	findings.filter(({ level, todo }) => level !== 'ok' && !(level === 'warn' && todo?.includes('load')));
export const about = (findings: readonly Finding[], what: string) =>
	findings.filter((finding) => finding.what === what);
