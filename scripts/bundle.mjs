// A step of a build: puts src and the libraries that it uses into few files, dist/server. Node reads and links some thousand
// small modules otherwise: a start in one process took 840 ms, and takes 430.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');

/** Have files beside their code: machine code, a protocol's definition, a page. Drivers are used by few, and load others of these. */
const external = ['better-sqlite3', 'etcd3', 'mysql2', 'pg', '@fastify/swagger-ui'];

/** The licences of what is in the bundle, as they ask for. */
const licencesOf = (moduleIds) => {
	const folders = new Set(moduleIds.flatMap((id) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
	const texts = [...folders].toSorted().map((folder) => {
		const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
		const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
		const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
		return `${name} ${version} (${license})${text}\n`;
	});
	return texts.join(`\n${'-'.repeat(80)}\n\n`);
};

/** Bundles files of src with what they import into a folder, whose content goes; Lua scripts stand beside. */
export const bundle = async (inputs, folder) => {
	rmSync(folder, { recursive: true, force: true });
	const build = await rolldown({ input: inputs.map((input) => join(root, input)), platform: 'node', external });
	const { output } = await build.write({ dir: folder, format: 'esm', sourcemap: true });
	await build.close();
	for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
		if (entry.name.endsWith('.lua')) cpSync(join(entry.parentPath, entry.name), join(folder, basename(entry.name)));
	}
	const moduleIds = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
	writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(moduleIds));
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	await bundle(['src/main.ts', 'src/store-settings.ts'], join(root, 'dist/server'));
	writeFileSync(join(root, 'dist/main.js'), "#!/usr/bin/env node\nimport './server/main.js';\n", { mode: 0o755 });
}
