import { nanoid } from 'nanoid';
import { ChatError } from '../protocol/errors.ts';
import { clusterPorts, embeddedPorts } from './adapters.ts';
import { advertiseHost } from './advertise-host.ts';
import { banner, readyLine } from './banner.ts';
import type { Config } from './config-schema.ts';
import { explainFailure } from './explain-failure.ts';
import { failureReason, systemError } from './failure-reason.ts';
import { StartError } from './failures.ts';
import { createLifecycle, type ModuleEntry } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics/metrics.ts';
import { installOrderlyStop } from './orderly-stop.ts';
import { version } from './package-info.ts';
import { createTeardown } from './teardown.ts';
import { checkCertificates, openServerCertificates } from './tls-settings.ts';
import { startTracing } from './tracing/start-tracing.ts';

interface RunOptions {
	readonly config: Config;
	/** The modules of this process, in the order of starting. */
	readonly entries: readonly ModuleEntry[];
	/** Whether this process is a chat of its own (all modules, embedded adapters) or one module of a cluster. */
	readonly embedded: boolean;
}

const tell = (line: string): void => void process.stderr.write(`tschat: ${line}\n`);

/** Since the process began, or since it had built the program first. */
const tookMs = (): number => performance.now() - (performance.getEntriesByName('tschat-built')[0]?.startTime ?? 0);

/** Runs modules until a signal ends the process. */
export const run = async ({ config, entries, embedded }: RunOptions): Promise<void> => {
	const host = advertiseHost(config.rpc);
	const module = embedded ? undefined : entries[0]?.[0];
	const name = module ?? 'all';
	const serverId = config.server.id || `${name}-${nanoid(10)}`;
	const logger = createLogger(config.log.level, { module: name, serverId });
	const metrics = createMetrics({ ofNode: true });
	const teardown = createTeardown();
	const tracing = await startTracing(config.tracing, { service: name, serverId, version }, logger);
	if (tracing !== undefined) teardown.add('tracing', tracing.stop);
	const choosePorts = embedded ? embeddedPorts : clusterPorts;
	const ports = choosePorts({ config, module, logger, metrics: metrics.of(name), advertiseHost: host, teardown });
	const openCertificates = () => {
		checkCertificates(config, module);
		return openServerCertificates({ config, logger, metrics: metrics.of(name), teardown });
	};
	const lifecycle = createLifecycle({
		config,
		entries,
		ports,
		advertiseHost: host,
		alone: embedded,
		serverId,
		openCertificates,
		logger,
		metrics,
		teardown,
	});

	const end = installOrderlyStop({
		timeoutMs: config.server.stop_timeout_ms,
		stop: async () => {
			await lifecycle.halt();
			const failures = await teardown.run();
			for (const { what, error } of failures) tell(`${what} did not stop cleanly: ${failureReason(error)}`);
			return failures.length === 0;
		},
		pending: teardown.pending,
		tell,
		unexpected: (error) => {
			logger.fatal({ err: error }, 'unexpected error, stopping');
			tell(`unexpected error, stopping: ${failureReason(error)}`);
		},
	});

	try {
		const { services, admin } = await lifecycle.start();
		if (services.length < entries.length) return;
		const show = embedded ? banner : readyLine;
		process.stdout.write(show({ config, services, admin, tookMs: tookMs() }));
	} catch (error) {
		const expected = error instanceof StartError || error instanceof ChatError || systemError(error) !== undefined;
		if (!expected) logger.error({ err: error }, `${lifecycle.current} did not start`);
		tell(explainFailure(error, config, lifecycle.current));
		end(1);
	}
};
