import { createEmbeddedRegistry } from '../../src/adapters/embedded/registry.ts';
import { createNetworkRpc, type NetworkRpcOptions } from '../../src/adapters/json-rpc/network-rpc.ts';
import type { Rpc, RpcServer } from '../../src/ports/rpc.ts';
import type { Registration, ServiceInstance, ServiceRegistry } from '../../src/ports/service-registry.ts';
import { type HandlersOf, type RpcService, rpcMethods } from '../../src/protocol/rpc.ts';
import { type RunningProcess, startProcess } from '../support/processes.ts';

/** A full table of handlers: those given, and for the rest one that fails. */
export const handlersWith = <S extends RpcService>(service: S, given: Partial<HandlersOf<S>>): HandlersOf<S> => {
	const names = Object.keys(rpcMethods).filter((name) => name.startsWith(`${service}.`));
	const failing = names.map((name) => [name, () => Promise.reject(new Error(`no ${name} in this test`))]);
	return { ...Object.fromEntries(failing), ...given };
};

/** A promise to be settled from elsewhere; `end` rejects it, so that a handler that hangs does not hold up the end of a test. */
export const gate = <T = void>(): { promise: Promise<T>; open(value: T): void; end(): void } => {
	let open: (value: T) => void = () => {};
	let end = () => {};
	const promise = new Promise<T>((resolve, reject) => {
		open = resolve;
		end = () => reject(new Error('the test is over'));
	});
	promise.catch(() => {});
	return { promise, open, end };
};

export interface RpcHarness {
	/** A process that calls. */
	readonly client: Rpc;
	/** Starts a process that serves, and that the client finds. */
	serve<S extends RpcService>(service: S, serverId: string, given: Partial<HandlersOf<S>>): Promise<RpcServer>;
	close(): Promise<void>;
}

export const secret = 'the shared secret of these tests';
export const maxMessageBytes = 65_536;

type RpcSettings = Partial<Omit<NetworkRpcOptions, 'registry'>>;

export interface NetworkHarness extends RpcHarness {
	readonly registry: ServiceRegistry;
	/** A further process, with settings of its own. */
	createRpc(options?: RpcSettings): Promise<Rpc>;
	/** Makes an address known. */
	register(service: RpcService, serverId: string, address: string | null): Promise<Registration>;
	/** A program between the client and a server, to be killed or stopped in the server's place. */
	link(server: RpcServer): Promise<Link>;
}

interface Link {
	readonly address: string;
	readonly process: RunningProcess;
}

const forwarder = `
const net = require('node:net');
const server = net.createServer((near) => {
	const far = net.connect(Number(process.argv[1]), '127.0.0.1');
	for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => {}).on('close', () => other.destroy()).pipe(other);
});
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`;

/** `common` are settings of all its processes. */
export const networkHarness = async (common: RpcSettings = {}): Promise<NetworkHarness> => {
	const registry = createEmbeddedRegistry();
	const opened: Rpc[] = [];
	const links: RunningProcess[] = [];
	const createRpc: NetworkHarness['createRpc'] = async (options = {}) => {
		const rpc = await createNetworkRpc({
			registry,
			host: '127.0.0.1',
			port: 0,
			advertiseHost: '127.0.0.1',
			secret,
			maxMessageBytes,
			deadlineMs: 5000,
			...common,
			...options,
		});
		opened.push(rpc);
		return rpc;
	};
	const register: NetworkHarness['register'] = (service, serverId, address) => {
		const instance: Omit<ServiceInstance, 'service'> = {
			serverId,
			rpc: address,
			publicUrl: null,
			admin: null,
			version: 'test',
			startedAt: Date.now(),
		};
		return registry.register({ ...instance, service: service === 'logic' ? 'logic' : 'connect-tcp' });
	};
	return {
		registry,
		createRpc,
		register,
		client: await createRpc(),
		serve: async (service, serverId, given) => {
			const server = await (await createRpc()).serve(service, serverId, handlersWith(service, given));
			await register(service, serverId, server.address);
			return server;
		},
		link: async (server) => {
			const port = new URL(server.address ?? '').port;
			const process = startProcess('node', ['-e', forwarder, port]);
			links.push(process);
			const [, linkPort] = await process.outputMatching(/port (\d+)/);
			return { address: `ws://127.0.0.1:${linkPort}`, process };
		},
		close: async () => {
			await Promise.all(links.map((link) => link.stop({ signal: 'SIGKILL' })));
			await Promise.all(opened.map((rpc) => rpc.close()));
		},
	};
};
