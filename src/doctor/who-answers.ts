import { request } from 'node:http';
import { request as requestByTls } from 'node:https';
import { connect } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import type { Pem } from '../ports/certificates.ts';
import type { ServiceName } from '../ports/service-registry.ts';
import { isWildcard } from '../runtime/advertise-host.ts';
import { trustedProxies } from '../runtime/client-address.ts';
import type { Config } from '../runtime/config-schema.ts';
import { readRpcPem } from '../runtime/tls-settings.ts';

/** What is spoken on a port. */
export type Speaks = Exclude<ServiceName, 'logic' | 'task'> | 'rpc' | 'admin';

const patienceMs = 2000;

interface Answer {
	readonly status: number;
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly text: string;
}

const ask = (url: string, headers: Record<string, string> = {}, shown?: Pem): Promise<Answer> =>
	new Promise((resolve, reject) => {
		// Who it is, not whom its certificate names: we ask our own machine.
		const options = { ...shown, headers, timeout: patienceMs, rejectUnauthorized: false };
		const asked = url.startsWith('https:') ? requestByTls(url, options) : request(url, options);
		asked.on('timeout', () => asked.destroy(new Error('no answer')));
		asked.on('error', reject);
		asked.on('upgrade', (response, socket) => {
			socket.destroy();
			resolve({ status: 101, headers: response.headers, text: '' });
		});
		asked.on('response', (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
			});
			response.on('error', reject);
			response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
		});
		asked.end();
	});

const upgrade = (protocol: string) => ({
	connection: 'Upgrade',
	upgrade: 'websocket',
	'sec-websocket-version': '13',
	'sec-websocket-key': Buffer.from('tschat doctor ..').toString('base64'),
	'sec-websocket-protocol': protocol,
});

/** Of a connection that is the proxy's own, as its health checks are. */
const proxyHeader = Buffer.from('PROXY UNKNOWN\r\n');

/** A packet with a hello of protocol v2 that nobody is signed in by: any answer in packets is that of a gateway. */
const answersPackets = (host: string, port: number, { tls, proxy, connect_tcp: tcp }: Config): Promise<boolean> =>
	new Promise((resolve) => {
		const trusted = trustedProxies(proxy.trusted);
		const options = { host, port, timeout: patienceMs, rejectUnauthorized: false };
		const socket = tls.cert === '' ? connect(options) : connectByTls(options);
		const finish = (yes: boolean) => {
			socket.destroy();
			resolve(yes);
		};
		const body = Buffer.from('{"type":"hello","token":"doctor"}');
		const header = Buffer.from([0x76, 0x31, 0, body.length + 4]);
		socket.on('connect', () => {
			// The header is demanded of trusted proxies, and taken from nobody else.
			const asProxy = tcp.proxy_protocol && trusted(socket.localAddress ?? '');
			socket.write(Buffer.concat([...(asProxy ? [proxyHeader] : []), header, body]));
		});
		socket.on('data', (data) => finish(data.subarray(0, 2).equals(header.subarray(0, 2))));
		for (const end of ['timeout', 'error', 'close']) socket.on(end, () => finish(false));
	});

const schemeOf = ({ tls }: Config): string => (tls.cert === '' ? 'http' : 'https');

const ways: Readonly<Record<Speaks, (host: string, port: number, config: Config) => Promise<boolean>>> = {
	api: async (host, port, config) =>
		/^\{"items":\[/.test((await ask(`${schemeOf(config)}://${host}:${port}/v2/endpoints`)).text),
	site: async (host, port, config) =>
		/<title>[^<]*tschat/i.test((await ask(`${schemeOf(config)}://${host}:${port}/`)).text),
	admin: async (host, port) => /^\{"status":"ok"/.test((await ask(`http://${host}:${port}/healthz`)).text),
	'connect-ws': async (host, port, config) => {
		const url = `${schemeOf(config)}://${host}:${port}${config.connect_ws.path}`;
		const { headers } = await ask(url, upgrade('tschat.v2'));
		return headers['sec-websocket-protocol'] === 'tschat.v2';
	},
	'connect-tcp': answersPackets,
	// Without the secret it refuses, which nobody else does in this way; with it we would be a caller.
	rpc: async (host, port, config) => {
		const pem = readRpcPem(config, undefined);
		const url = `${pem === undefined ? 'http' : 'https'}://${host}:${port}/`;
		return (await ask(url, upgrade('tschat.rpc'), pem)).status === 401;
	},
};

/** Whether what listens at a port is a tschat that answers as it should there. Never rejects. */
export const answersAs = async (speaks: Speaks, host: string, port: number, config: Config): Promise<boolean> => {
	const reachable = isWildcard(host) ? '127.0.0.1' : host;
	const bracketed = speaks !== 'connect-tcp' && reachable.includes(':') ? `[${reachable}]` : reachable;
	return ways[speaks](bracketed, port, config).catch(() => false);
};
