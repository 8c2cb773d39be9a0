import type { ServiceName } from './ports/service-registry.ts';
import type { CreateModule } from './runtime/module.ts';

/** Every module and its factory, in the order in which they start in one process. Each loads only what it uses. */
export const modules = {
	logic: async () => (await import('./logic/module.ts')).createLogicModule,
	task: async () => (await import('./task/module.ts')).createTaskModule,
	'connect-ws': async () => (await import('./connect-ws/module.ts')).createConnectWsModule,
	'connect-tcp': async () => (await import('./connect-tcp/module.ts')).createConnectTcpModule,
	api: async () => (await import('./api/module.ts')).createApiModule,
	site: async () => (await import('./site/module.ts')).createSiteModule,
} as const satisfies Record<ServiceName, () => Promise<CreateModule>>;
