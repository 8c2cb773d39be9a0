import { afterAll, beforeAll } from 'vitest';
import { createEmbeddedRoutes } from '../../src/adapters/embedded/routes.ts';
import { openRedisRoutes } from '../../src/adapters/redis/routes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { routeDirectoryContract } from './route-directory.contract.ts';

routeDirectoryContract('embedded', async () => {
	const directory = createEmbeddedRoutes();
	return { near: directory, far: directory };
});

let redis: TestRedis;
beforeAll(async () => {
	redis = await startRedis();
});
afterAll(() => redis.stop());

routeDirectoryContract('redis', async () => {
	const open = () => openRedisRoutes({ url: redis.url, prefix: 'contract' });
	return { near: await open(), far: await open() };
});
