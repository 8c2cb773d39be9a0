import { nanoid } from 'nanoid';
import type { Certificates } from '../ports/certificates.ts';
import type { ServiceName } from '../ports/service-registry.ts';
import { type AdminServer, askMissing, type Missing, startAdminServer } from './admin-server.ts';
import { clientHost } from './advertise-host.ts';
import type { Config } from './config-schema.ts';
import { explainFailure } from './explain-failure.ts';
import { createLogger, type Logger } from './logger.ts';
import type { ProcessMetrics } from './metrics/metrics.ts';
import type { CreateModule, Ports, StartedModule } from './module.ts';
import { version } from './package-info.ts';
import type { Teardown } from './teardown.ts';

export type ModuleEntry = readonly [service: ServiceName, load: () => Promise<CreateModule>];

interface LifecycleOptions {
	readonly config: Config;
	/** What runs in this process, in the order of starting. */
	readonly entries: readonly ModuleEntry[];
	readonly ports: Ports;
	readonly advertiseHost: string;
	readonly alone: boolean;
	/** Of the process; that of its module, if it runs a single one. */
	readonly serverId: string;
	/** For what clients reach, read before the first module starts; undefined: plain. */
	readonly openCertificates: () => Certificates | undefined;
	readonly logger: Logger;
	readonly metrics: ProcessMetrics;
	/** Gets the steps that stop what was started: for each module its deregistration, then its stop. */
	readonly teardown: Teardown;
}

interface RunningService extends Pick<StartedModule, 'rpc' | 'publicUrl' | 'notReady'> {
	readonly service: ServiceName;
}

export interface Lifecycle {
	/** Starts and registers the modules, one after the other. Breaks off between two of them once `halt` was called. */
	start(): Promise<{ services: readonly RunningService[]; admin: string | null }>;
	/** Lets a start under way come to its end, whatever it is. After it nothing more is added to the teardown. */
	halt(): Promise<void>;
	/** What is being started, for messages. */
	readonly current: string;
}

export const createLifecycle = (options: LifecycleOptions): Lifecycle => {
	const { config, entries, ports, advertiseHost, alone, serverId, logger, metrics, teardown } = options;
	const running: RunningService[] = [];
	let halting = false;
	let current = 'admin';
	let starting: Promise<unknown> | undefined;

	const missingOf = async (service: ServiceName): Promise<readonly string[]> => {
		const module = running.find((candidate) => candidate.service === service);
		return module === undefined ? ['starting'] : askMissing(module.notReady);
	};

	const missing = async (): Promise<Missing> => {
		if (halting) return { process: ['stopping'] };
		const answers = await Promise.all(entries.map(async ([service]) => [service, await missingOf(service)] as const));
		return Object.fromEntries(answers.filter(([, things]) => things.length > 0));
	};

	for (const [service] of entries) {
		const own = metrics.of(service);
		own.read('tschat_build_info', { version }, () => 1);
		own.read('tschat_ready', {}, async () => (!halting && (await missingOf(service)).length === 0 ? 1 : 0));
	}

	/** Health is no reason not to serve: without its port a process works, and says so. */
	const startAdmin = async (): Promise<AdminServer | undefined> => {
		if (!config.admin.enabled) return undefined;
		try {
			const admin = await startAdminServer({ ...config.admin, advertiseHost, missing, metrics });
			teardown.add('admin', admin.close);
			return admin;
		} catch (error) {
			logger.error(`no admin server: ${explainFailure(error, config, 'admin')}`);
			return undefined;
		}
	};

	const serverIdOf = (service: ServiceName): string => {
		if (entries.length === 1) return serverId;
		return config.server.id === '' ? `${service}-${nanoid(10)}` : `${config.server.id}-${service}`;
	};

	const startOne = async (
		[service, load]: ModuleEntry,
		admin: string | null,
		certificates: Certificates | undefined,
	): Promise<void> => {
		const ownId = serverIdOf(service);
		const moduleLogger = createLogger(config.log.level, { module: service, serverId: ownId });
		const create = await load();
		const module = await create({
			config,
			logger: moduleLogger,
			metrics: metrics.of(service),
			ports,
			serverId: ownId,
			clientHost: (listening) => clientHost(listening, config.rpc, alone),
			alone,
			certificates,
		});
		const started = await module.start();
		teardown.add(service, async () => {
			await started.stop();
			moduleLogger.info('stopped');
		});
		running.push({
			service,
			rpc: started.rpc,
			publicUrl: started.publicUrl,
			notReady: () => started.notReady(),
		});
		const registry = await ports.registry();
		const { rpc, publicUrl } = started;
		const registration = await registry.register({
			service,
			serverId: ownId,
			rpc,
			publicUrl,
			admin,
			version,
			startedAt: Date.now(),
		});
		teardown.add(`${service}: deregistration`, async () => {
			await registration.deregister();
			moduleLogger.info('deregistered');
		});
		moduleLogger.info({ rpc, publicUrl, admin }, 'started');
	};

	const startAll = async () => {
		const certificates = options.openCertificates();
		const admin = (await startAdmin())?.url ?? null;
		for (const entry of entries) {
			if (halting) break;
			[current] = entry;
			await startOne(entry, admin, certificates);
		}
		return { services: running, admin };
	};

	return {
		start: () => {
			const promise = startAll();
			starting = promise.catch(() => {});
			return promise;
		},
		halt: async () => {
			halting = true;
			await starting;
		},
		get current() {
			return current;
		},
	};
};
