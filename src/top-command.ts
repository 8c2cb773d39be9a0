import type { Command } from 'commander';
import { addConfigOptions, type ConfigFlags, configOf, joinedFlags } from './config-options.ts';
import type { ServiceName } from './ports/service-registry.ts';
import { ChatError } from './protocol/errors.ts';
import type { Config } from './runtime/config-schema.ts';
import { hidePasswords } from './runtime/config-secrets.ts';
import { addTopOptions, type TopOptions } from './top/options.ts';

type Flags = ConfigFlags & TopOptions;

const tell = (line: string): void => void process.stderr.write(`tschat: ${line}\n`);

const ofOneProcess = 'for one process give --admin URL, which npm start prints as "health"';

/** Without discovery there is one process at most: that which these settings name. Resolves with the exit code. */
const topOfOneProcess = async (config: Config, reason: string, options: TopOptions): Promise<number> => {
	const [{ adminOf }, { runTop }, { scrape }] = await Promise.all([
		import('./top/find.ts'),
		import('./top/run.ts'),
		import('./top/scrape.ts'),
	]);
	const admin = adminOf(config);
	if (admin === undefined || (await scrape(admin)) === undefined) {
		tell(`${reason}; ${ofOneProcess}`);
		return 1;
	}
	tell(`${reason}; this is the process at ${admin} alone`);
	return runTop({ admin }, options);
};

/** All instances that etcd knows, whoever joins or leaves meanwhile. Resolves with the exit code. */
const topOfCluster = async (config: Config, services: readonly ServiceName[], options: TopOptions): Promise<number> => {
	const { clusterPorts } = await import('./runtime/adapters.ts');
	const { failureReason } = await import('./runtime/failure-reason.ts');
	const { createLogger } = await import('./runtime/logger.ts');
	const { createMetrics } = await import('./runtime/metrics/metrics.ts');
	const { createTeardown } = await import('./runtime/teardown.ts');
	const { runTop } = await import('./top/run.ts');
	const teardown = createTeardown();
	// What goes wrong while it runs shows in the table; a log would go right through it.
	const logger = createLogger('silent', { module: 'top', serverId: '' });
	const metrics = createMetrics().of('top');
	try {
		const registry = await clusterPorts({ config, logger, metrics, advertiseHost: '', teardown }).registry();
		const watch = await registry.watch(services);
		const code = await runTop({ instances: () => watch.instances() }, options);
		watch.close();
		if (code !== 0) tell(`no module is registered in etcd at ${hidePasswords(config.etcd.hosts)}; ${ofOneProcess}`);
		return code;
	} catch (error) {
		const reason = failureReason(error);
		if (error instanceof ChatError && error.key === 'unavailable') return topOfOneProcess(config, reason, options);
		tell(reason);
		return 1;
	} finally {
		await teardown.run();
	}
};

/** Adds the command `top`. It takes settings before its name and after it. */
export const addTopCommand = (program: Command, services: readonly ServiceName[]): void => {
	const command = addConfigOptions(program.command('top')).description('Watch the cluster in this terminal.');
	addTopOptions(command).action(async ({ config = [], set = [], ...options }: Flags) => {
		const { admin } = options;
		if (admin !== undefined) {
			const { runTop } = await import('./top/run.ts');
			process.exitCode = await runTop({ admin }, options);
			if (process.exitCode !== 0) tell(`nothing answers with metrics at ${admin}`);
			return;
		}
		const settings = configOf(joinedFlags(program.opts<ConfigFlags>(), { config, set }), 'none');
		process.exitCode = await topOfCluster(settings, services, options);
	});
};
