import type { Certificates } from '../ports/certificates.ts';
import type { ChatStore } from '../ports/chat-store.ts';
import type { MessageQueue } from '../ports/message-queue.ts';
import type { RouteDirectory } from '../ports/route-directory.ts';
import type { Rpc } from '../ports/rpc.ts';
import type { ServiceName, ServiceRegistry } from '../ports/service-registry.ts';
import type { Config } from './config-schema.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics/metrics.ts';

/**
 * The ports as the chosen adapters give them. Each is opened when it is first asked for, so that a module
 * connects only to what it uses; the runtime closes them after the modules.
 */
export interface Ports {
	store(): Promise<ChatStore>;
	queue(): Promise<MessageQueue>;
	routes(): Promise<RouteDirectory>;
	registry(): Promise<ServiceRegistry>;
	rpc(): Promise<Rpc>;
}

/** What a module is built from. */
export interface ModuleContext {
	readonly config: Config;
	readonly logger: Logger;
	/** Of this module. */
	readonly metrics: Metrics;
	readonly ports: Ports;
	/** Name of this module instance in discovery. */
	readonly serverId: string;
	/** The host of URLs that clients are told of a server that listens on this one. */
	readonly clientHost: (listening: string) => string;
	/** Whether the whole chat is this process: when it stops, nobody takes over. */
	readonly alone: boolean;
	/** For what clients reach; absent: it is plain. */
	readonly certificates?: Certificates | undefined;
}

/** A built module, before it runs. */
interface Module {
	readonly service: ServiceName;
	/** Resolves when it takes work. `announce` lines are for the person who started it. */
	start(): Promise<StartedModule>;
}

export interface StartedModule {
	/** What answers, and where, to be registered in discovery. */
	readonly rpc: string | null;
	readonly publicUrl: string | null;
	/** What is missing for it to do its work; empty when ready. */
	notReady(): Promise<string[]>;
	/** Takes no new work, finishes what is under way, releases everything. Called after deregistration. */
	stop(): Promise<void>;
}

export type CreateModule = (context: ModuleContext) => Promise<Module>;
