import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../../src/client/index.ts', import.meta.url));

test('the client is one file for browsers, without any package, below 15 KB', async () => {
	const bundle = await rolldown({ input: entry, platform: 'browser' });
	const { output } = await bundle.generate({ format: 'es', minify: true });
	await bundle.close();
	expect(output.length).toBe(1);
	expect(output[0].imports).toEqual([]);
	expect(output[0].code).not.toMatch(/\b(process|Buffer|require|global)\b[.(]/);
	expect(gzipSync(output[0].code).length).toBeLessThan(15_000);
});
