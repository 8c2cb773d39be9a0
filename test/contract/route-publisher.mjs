/**
 * A process that publishes routes, for tests to kill: node route-publisher.mjs <redis url> <server id> <lease ms> <entries as JSON>.
 * Loads the TypeScript sources as vitest does, so that it runs what the tests see.
 */
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const [url, serverId, leaseMs, entries] = process.argv.slice(2);
const vite = await createViteServer({
	root: fileURLToPath(new URL('../..', import.meta.url)),
	configFile: false,
	logLevel: 'error',
	appType: 'custom',
	server: { middlewareMode: true, ws: false, watch: null },
	optimizeDeps: { noDiscovery: true },
});
const { openRedisRoutes } = await vite.ssrLoadModule('/src/adapters/redis/routes.ts');
const routes = await openRedisRoutes({ url, prefix: 'outage', leaseMs: Number(leaseMs) });
await routes.publish(serverId, () => JSON.parse(entries));
process.stdout.write('published\n');
setInterval(() => {}, 60_000);
