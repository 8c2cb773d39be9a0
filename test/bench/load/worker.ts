import { type ChildProcess, fork } from 'node:child_process';
import { scriptOf } from '../targets/script.ts';
import type { Answer, Call, Methods } from './serve.ts';

interface Waiting {
	resolve(result: unknown): void;
	reject(error: Error): void;
}

/** A process that serves `M` (see `serve`). */
export class Worker<M extends Methods> {
	readonly name: string;
	readonly #child: ChildProcess;
	readonly #waiting = new Map<number, Waiting>();
	readonly #kill = () => void this.#child.kill('SIGKILL');
	#calls = 0;

	/** `script` is the path of what was compiled, from this file. */
	constructor(name: string, script: string) {
		this.name = name;
		this.#child = fork(scriptOf(new URL(script, import.meta.url)), { serialization: 'advanced' });
		process.once('exit', this.#kill);
		this.#child.on('message', (answer) => this.#answered(answer as Answer));
		this.#child.once('error', (error) => this.#ended(error));
		this.#child.once('exit', (code, signal) => this.#ended(new Error(`${name} ended (${signal ?? code})`)));
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	/** Rejects with the error of the other side, or when that has ended. */
	call<K extends keyof M & string>(method: K, params: Parameters<M[K]>[0]): Promise<Awaited<ReturnType<M[K]>>> {
		this.#calls += 1;
		const call: Call = { id: this.#calls, method, params };
		return new Promise((resolve, reject) => {
			this.#waiting.set(call.id, { resolve: resolve as (result: unknown) => void, reject });
			if (this.#child.connected) this.#child.send(call);
			else this.#ended(new Error(`${this.name} has ended`));
		});
	}

	/** Resolves when the process is gone. */
	async close(): Promise<void> {
		process.off('exit', this.#kill);
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		const gone = new Promise((resolve) => this.#child.once('exit', resolve));
		this.#kill();
		await gone;
	}

	#answered({ id, result, error }: Answer): void {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		if (error === undefined) waiting?.resolve(result);
		else waiting?.reject(new Error(`${this.name}: ${error}`));
	}

	#ended(error: Error): void {
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
	}
}
