import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Compile, Meta } from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { goldenFrames } from '../../support/golden-frames.ts';
import { protocolDocuments } from '../../support/protocol-documents.ts';

const root = resolve(import.meta.dirname, '../../..');

/** As the project's other JSON files are formatted. */
const formatted = (path: string, document: object): string =>
	execFileSync(join(root, 'node_modules/.bin/biome'), ['format', `--stdin-file-path=${path}`], {
		cwd: root,
		input: JSON.stringify(document, null, 2),
		encoding: 'utf8',
	});

/** The documents as their readers see them: JSON alone. */
const documents = JSON.parse(JSON.stringify(protocolDocuments));
const isSchema = Compile(Meta, Meta['https://json-schema.org/draft/2020-12/schema']);
const valid = [true, []];

/** What a JSON pointer leads to. */
const at = (document: unknown, pointer: string): unknown =>
	pointer
		.split('/')
		.slice(1)
		.reduce((value: unknown, key) => Object(value)[key], document);

// `npm run protocol` is this test with the permission to write.
test.each(Object.entries(protocolDocuments))('%s is what `npm run protocol` writes', async (path, document) => {
	await expect(formatted(path, document)).toMatchFileSnapshot(join(root, path));
});

describe.each(['client', 'server'] as const)('docs/schemas/%s-frames.json', (side) => {
	const schema = documents[`docs/schemas/${side}-frames.json`];

	test('is a JSON Schema of draft 2020-12, with a description of each frame type', () => {
		expect(isSchema.Errors(schema)).toEqual(valid);
		for (const frame of Object.values(schema.$defs)) expect(frame).toHaveProperty('description');
	});

	test('takes every golden frame, by the whole and by its type', () => {
		for (const { frame } of goldenFrames[side]) {
			expect([frame, ...Compile(schema).Errors(frame)]).toEqual([frame, ...valid]);
			expect([frame, ...Compile(schema.$defs[frame.type]).Errors(frame)]).toEqual([frame, ...valid]);
		}
	});
});

test.each(goldenFrames.refused)('docs/schemas/client-frames.json does not take $name', ({ text }) => {
	expect(Compile(documents['docs/schemas/client-frames.json']).Check(JSON.parse(text))).toBe(false);
});

test.each(['client', 'server'])('the package exports schemas/%s-frames', (side) => {
	const path = createRequire(import.meta.url).resolve(`tschat/schemas/${side}-frames`);
	expect(path).toBe(join(root, `docs/schemas/${side}-frames.json`));
});

describe('docs/asyncapi.json', () => {
	const api = documents['docs/asyncapi.json'];
	const messages = Object.values<{ payload: { $ref: string }; examples: { payload: unknown }[] }>(
		api.channels.connection.messages,
	);

	test('points to the schema of each frame, and gives examples that are valid by it', () => {
		for (const { payload, examples } of messages) {
			const [file = '', pointer = ''] = payload.$ref.split('#');
			const schema = Object(at(documents[join('docs', file)], pointer));
			expect(isSchema.Errors(schema)).toEqual(valid);
			expect(examples.length).toBeGreaterThan(0);
			for (const example of examples) expect(Compile(schema).Errors(example.payload)).toEqual(valid);
		}
	});

	test('every reference in it leads somewhere', () => {
		for (const [, pointer = ''] of JSON.stringify(api).matchAll(/"\$ref":"#([^"]+)"/g)) {
			expect([pointer, at(api, pointer)]).toEqual([pointer, expect.any(Object)]);
		}
	});
});
