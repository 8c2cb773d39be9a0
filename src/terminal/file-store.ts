import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Saved, Store } from '../client/index.ts';

const read = async (path: string): Promise<string | undefined> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw new Error(`cannot read ${path}: name another file with --state`, { cause: error });
	}
};

const parse = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isSaved = (value: unknown): value is Saved =>
	typeof value === 'object' && value !== null && 'version' in value && value.version === 1;

/**
 * Keeps positions and unsent messages in a file that only its owner can read. It is replaced whole: a crash leaves the old or
 * the new one. `load` rejects when the file holds something else, since that would be overwritten.
 */
export const fileStore = (path: string): Store => ({
	load: async () => {
		const text = await read(path);
		if (text === undefined) return undefined;
		const saved = parse(text);
		if (!isSaved(saved)) throw new Error(`${path} holds no chat's state: remove it, or name another with --state`);
		return saved;
	},
	save: async (saved) => {
		await writeFile(`${path}.new`, JSON.stringify(saved), { mode: 0o600 });
		await rename(`${path}.new`, path);
	},
});
