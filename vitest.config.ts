import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** These run what is built; all others run the sources. */
const runsBinary = 'test/{e2e,chaos,fuzz}/**/*.test.ts';
/** Among them those that keep all cores busy, or measure how long something takes meanwhile: they come last, one after the other. */
const runsAlone = ['test/{chaos,fuzz}/**/*.test.ts', 'test/e2e/flood.test.ts'];
const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	test: {
		pool: 'forks',
		// Most of the time of the slow ones is waiting: for leases to end, for servers to start. Vitest leaves one of two cores alone.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				// As in the page's own build: not what was built of it last.
				resolve: { alias: { 'tschat/client': join(import.meta.dirname, 'src/client/index.ts') } },
				test: {
					name: 'source',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: [runsBinary],
					globalSetup: ['test/support/run-folder.ts'],
					...limits,
				},
			},
			{
				test: {
					name: 'binary',
					include: [runsBinary],
					exclude: runsAlone,
					globalSetup: ['test/support/run-folder.ts', 'test/support/global-setup.ts'],
					...limits,
				},
			},
			{
				test: {
					name: 'alone',
					include: runsAlone,
					globalSetup: ['test/support/run-folder.ts', 'test/support/global-setup.ts'],
					sequence: { groupOrder: 1 },
					maxWorkers: 1,
					...limits,
				},
			},
		],
	},
});
