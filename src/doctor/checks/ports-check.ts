import { createServer } from 'node:net';
import type { ServiceName } from '../../ports/service-registry.ts';
import type { Config } from '../../runtime/config-schema.ts';
import { privilegedPortCure } from '../../runtime/explain-failure.ts';
import { failureReason, systemError } from '../../runtime/failure-reason.ts';
import { listen } from '../../runtime/listen.ts';
import type { Check, Examination } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import { answersAs, type Speaks } from '../who-answers.ts';

interface Listening {
	/** The setting that names the port. */
	readonly setting: string;
	readonly host: string;
	readonly port: number;
	readonly speaks: Speaks;
}

/** Where clients of a module come. */
const forClients = (module: ServiceName, { api, site, connect_ws: ws, connect_tcp: tcp }: Config): Listening[] => {
	switch (module) {
		case 'api':
			return [{ setting: 'api.port', ...api, speaks: module }];
		case 'site':
			return [{ setting: 'site.port', ...site, speaks: module }];
		case 'connect-ws':
			return [{ setting: 'connect_ws.port', ...ws, speaks: module }];
		case 'connect-tcp': {
			const ports = tcp.ports.split(',').map(Number);
			return ports.map((port) => ({ setting: 'connect_tcp.ports', host: tcp.host, port, speaks: module }));
		}
		default:
			return [];
	}
};

/** Modules that others call, unless all are in one process. */
const answersCalls = (module: ServiceName): boolean => module === 'logic' || module.startsWith('connect-');

/** What is to listen here. A port 0 is any that is free. */
const listening = ({ config, module }: Examination): Listening[] => {
	const { rpc, admin } = config;
	const modules = module === undefined ? (['site', 'api', 'connect-ws', 'connect-tcp'] as const) : [module];
	const all: Listening[] = modules.flatMap((name) => forClients(name, config));
	if (module !== undefined && answersCalls(module)) all.push({ setting: 'rpc.port', ...rpc, speaks: 'rpc' });
	if (admin.enabled) all.push({ setting: 'admin.port', ...admin, speaks: 'admin' });
	return all.filter(({ port }) => port !== 0);
};

const checkPort = async (one: Listening, { config }: Examination): Promise<Finding> => {
	const { setting, host, port, speaks } = one;
	const server = createServer();
	try {
		await listen(server, host, port);
		await new Promise((resolve) => server.close(resolve));
		return ok('port', `${port} (${setting}) is free`);
	} catch (error) {
		switch (systemError(error)?.code) {
			case 'EADDRINUSE':
				if (await answersAs(speaks, host, port, config)) {
					const found = `${port} (${setting}) is in use by a tschat that answers: ${speaks}`;
					return warn('port', found, `to start another one, stop that one, or set ${setting}`);
				}
				return fail('port', `${port} is in use by another program`, `stop that one, or set ${setting}`);
			case 'EACCES':
				return fail('port', `${port} may not be opened by this user`, privilegedPortCure(setting));
			case 'EADDRNOTAVAIL':
			case 'ENOTFOUND':
				return fail('port', `${host} is no address of this machine`, `set ${setting.replace(/ports?$/, 'host')}`);
			default:
				return fail('port', `cannot listen on ${port} (${failureReason(error)})`, `set ${setting}`);
		}
	}
};

/** Each port that is to be listened on: free, or in use by a tschat that answers there as it should, which is no fault while that one is meant. */
export const checkPorts: Check = async (examination) => {
	const findings = await Promise.all(listening(examination).map((one) => checkPort(one, examination)));
	return findings.length === 0 ? [ok('port', 'none is fixed: free ones are chosen')] : findings;
};
