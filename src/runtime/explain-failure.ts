import type { Config } from './config-schema.ts';
import { failureReason, systemError } from './failure-reason.ts';

/** The settings that name ports to listen on, each with the ports that it holds. */
const listening = (config: Config): [setting: string, host: string, ports: number[]][] =>
	[
		['api', 'port', config.api.port],
		['site', 'port', config.site.port],
		['connect_ws', 'port', config.connect_ws.port],
		['connect_tcp', 'ports', config.connect_tcp.ports],
		['rpc', 'port', config.rpc.port],
		['admin', 'port', config.admin.port],
	].map(([section, key, ports]) => [`${section}.${key}`, `${section}.host`, String(ports).split(',').map(Number)]);

/** What to do when a user may not open a port below 1024. */
export const privilegedPortCure = (setting: string): string =>
	`set ${setting} to 1024 or more, or allow it: AmbientCapabilities=CAP_NET_BIND_SERVICE of systemd`;

/**
 * Why a start failed, in one line that names the remedy.
 * `service` is what was being started: its own port settings are named first where several hold the same number.
 */
export const explainFailure = (error: unknown, config: Config, service: string): string => {
	const system = systemError(error);
	if (system?.syscall !== 'listen' && system?.syscall !== 'getaddrinfo') return failureReason(error);
	const settings = listening(config).filter(([, , ports]) => system.port === undefined || ports.includes(system.port));
	const section = `${service.replace('-', '_')}.`;
	const [setting, host] = settings.find(([name]) => name.startsWith(section)) ??
		settings[0] ?? ['its port', 'its host'];
	switch (system.code) {
		case 'EADDRINUSE':
			return `port ${system.port} is in use: stop the other program or set ${setting}`;
		case 'EACCES':
			return `port ${system.port} may not be opened by this user: ${privilegedPortCure(setting)}`;
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return `cannot listen on ${system.address ?? system.hostname}, which is no address of this machine: set ${host}`;
		default:
			return failureReason(error);
	}
};
