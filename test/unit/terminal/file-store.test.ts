import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileStore } from '../../../src/terminal/file-store.ts';
import { temporaryFolder } from '../../support/processes.ts';

const folder = temporaryFolder('file-store');
afterAll(folder.remove);

const saved = { version: 1, inbox: 3, cursors: { 'room:1': 7 }, unsent: [], reads: {} } as const;

test('what was saved is loaded, by nobody but its owner', async () => {
	const path = join(folder.path, 'state.json');
	expect(await fileStore(path).load()).toBeUndefined();
	await fileStore(path).save({ ...saved, inbox: 2 });
	await fileStore(path).save(saved);
	expect(await fileStore(path).load()).toEqual(saved);
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(readdirSync(folder.path)).toEqual(['state.json']);
});

test.each(['notes of mine', '{"version": 2}', 'null', ''])(
	'a file that holds %j is not taken, nor lost',
	async (text) => {
		const path = join(folder.path, 'other');
		writeFileSync(path, text);
		await expect(fileStore(path).load()).rejects.toThrow(`${path} holds no chat's state: remove it, or name another`);
	},
);

test('a file that cannot be read is named', async () => {
	await expect(fileStore(folder.path).load()).rejects.toThrow(`cannot read ${folder.path}`);
});
