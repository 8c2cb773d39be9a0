import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	test: {
		pool: 'forks',
		projects: [
			{ test: { name: 'source', include: ['test/{unit,contract}/**/*.test.ts'], ...limits } },
			{
				test: {
					name: 'binary',
					include: ['test/{e2e,chaos}/**/*.test.ts'],
					globalSetup: ['test/support/global-setup.ts'],
					...limits,
				},
			},
		],
	},
});
