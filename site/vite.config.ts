import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const repository = join(import.meta.dirname, '..');

/** The page: built into dist/page, which the site module serves. */
// biome-ignore lint/style/noDefaultExport: vite reads the default export
export default defineConfig({
	root: import.meta.dirname,
	plugins: [react()],
	resolve: { alias: { 'tschat/client': join(repository, 'src/client/index.ts') } },
	build: {
		outDir: join(repository, 'dist/page'),
		emptyOutDir: true,
		target: 'es2023',
		// Inlined files would be refused by the page's content security policy.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	// `npx vite site` with a running `npm start`: the page with hot reload.
	server: { port: 5173, proxy: { '/config.json': 'http://localhost:8080' } },
});
