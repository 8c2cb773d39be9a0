import { userNameKey } from './logic/user-name.ts';
import { embeddedPorts } from './runtime/adapters.ts';
import type { Config } from './runtime/config-schema.ts';
import { hidePasswords } from './runtime/config-secrets.ts';
import { failureReason } from './runtime/failure-reason.ts';
import { createLogger } from './runtime/logger.ts';
import { createMetrics } from './runtime/metrics/metrics.ts';
import { createTeardown } from './runtime/teardown.ts';

const tell = (line: string): void => void process.stderr.write(`tschat: ${line}\n`);

/** Makes a user an administrator, or no more, in the store alone: the cluster may run or not. Resolves with the exit code. */
export const setAdmin = async (config: Config, name: string, admin: boolean): Promise<number> => {
	const teardown = createTeardown();
	const logger = createLogger(config.log.level, { module: 'admin', serverId: config.server.id });
	try {
		const metrics = createMetrics().of('admin');
		const store = await embeddedPorts({ config, logger, metrics, advertiseHost: '', teardown }).store();
		const key = userNameKey(name);
		if (key === undefined || !(await store.setAdmin(key, admin))) {
			tell(`there is no user "${name}" in ${hidePasswords(config.store.url)}`);
			return 1;
		}
		process.stdout.write(`${name} is ${admin ? 'now' : 'no longer'} an administrator\n`);
		return 0;
	} catch (error) {
		tell(failureReason(error));
		return 1;
	} finally {
		await teardown.run();
	}
};
