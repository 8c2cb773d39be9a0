import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster, Redis } from 'ioredis';

/** Runs a script on a connection: its keys, then its arguments. */
export type RedisScript = (redis: Redis | Cluster, ...keysAndArguments: (string | number)[]) => Promise<unknown>;

/** A Lua script from a file of its own, whose header names its keys, arguments and result. Sent whole once a connection, then by its hash. */
export const loadScript = (file: URL, numberOfKeys: number): RedisScript => {
	const name = basename(fileURLToPath(file), '.lua');
	const lua = readFileSync(file, 'utf8');
	return (redis, ...keysAndArguments) => {
		if (!(name in redis)) redis.defineCommand(name, { lua, numberOfKeys });
		const run = Reflect.get(redis, name) as (...values: (string | number)[]) => Promise<unknown>;
		return run.apply(redis, keysAndArguments);
	};
};
