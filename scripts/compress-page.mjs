// A step of a build: writes a Brotli and a gzip version beside each file of the page for which that is worth it, so that
// the site module has nothing to compress. `node scripts/compress-page.mjs [folder]`, by default that of the built page.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? join(import.meta.dirname, '../dist/page');
const compressible = /\.(html|js|css|svg|json|txt|webmanifest|map)$/;
/** Smaller ones fit into the first packets of an answer as they are. */
const leastBytes = 1024;

const brotli = (bytes) =>
	brotliCompressSync(bytes, {
		params: {
			[constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
			[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
			[constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
		},
	});
const gzip = (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
	if (!entry.isFile() || !compressible.test(entry.name)) continue;
	const path = join(entry.parentPath, entry.name);
	const bytes = readFileSync(path);
	if (bytes.length <= leastBytes) continue;
	writeFileSync(`${path}.br`, brotli(bytes));
	writeFileSync(`${path}.gz`, gzip(bytes));
}
