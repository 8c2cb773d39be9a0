// Which module processes a cluster has, and on which ports.
import { ClusterFailure } from './cluster-failure.mjs';

/** gochat's ports; those of the n-th instance of a module are (n - 1) * step higher. */
const ports = { site: [8080], api: [7070], 'connect-ws': [7000], 'connect-tcp': [7001, 7002], task: [], logic: [] };
const defaultBase = 7000;
const step = 100;

/** What the cluster cannot do without. */
const atLeast = { task: 1, logic: 1 };
const atMost = 50;

/** In the order of stopping: those that clients see first, those that others need last. */
export const moduleNames = Object.keys(ports);

const whole = (flag, text, least, most) => {
	const number = Number(text);
	if (/^[0-9]+$/.test(text) && number >= least && number <= most) return number;
	throw new ClusterFailure(`--${flag} must be a number from ${least} to ${most}, not "${text}"`, 2);
};

const settingsOf = (module, [first, ...more], firstPorts) => {
	switch (module) {
		case 'site':
			// Browsers are sent to the first api of the host by which they found the site; that tells them all connect-ws.
			return { 'site.port': first, 'api.port': firstPorts.api };
		case 'api':
			return { 'api.port': first };
		case 'connect-ws':
			return { 'connect_ws.port': first };
		case 'connect-tcp':
			return { 'connect_tcp.ports': [first, ...more].join(',') };
		default:
			return {};
	}
};

const addressesOf = (module, listening) => {
	switch (module) {
		case 'connect-ws':
			return listening.map((port) => `ws://127.0.0.1:${port}/ws`);
		case 'connect-tcp':
			return listening.map((port) => `tcp://127.0.0.1:${port}`);
		default:
			return listening.map((port) => `http://127.0.0.1:${port}`);
	}
};

/** The processes of the modules: `{ name, module, ports, addresses, settings }` each. `flags` are those of `up`. */
export const planModules = (flags) => {
	const base = whole('port-base', flags['port-base'] ?? String(defaultBase), 1024, 60_000);
	const shifted = (module, index) => ports[module].map((port) => port - defaultBase + base + index * step);
	const firstPorts = Object.fromEntries(moduleNames.map((module) => [module, shifted(module, 0)[0]]));
	const planned = moduleNames.flatMap((module) => {
		const count = whole(module, flags[module] ?? '1', atLeast[module] ?? 0, atMost);
		return Array.from({ length: count }, (_, index) => {
			const listening = shifted(module, index);
			return {
				name: `${module}-${index + 1}`,
				module,
				ports: listening,
				addresses: addressesOf(module, listening),
				settings: settingsOf(module, listening, firstPorts),
			};
		});
	});
	const highest = Math.max(...planned.flatMap((process) => process.ports));
	if (highest > 65_535) throw new ClusterFailure(`--port-base ${base} is too high: a port would be ${highest}`, 2);
	return planned;
};
