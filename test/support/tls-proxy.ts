import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { temporaryFolder } from './processes.ts';

export interface TlsProxy {
	readonly port: number;
	close(): Promise<void>;
}

/** A certificate for the name that nobody has signed but itself. */
const certificateFor = (host: string): { readonly key: Buffer; readonly cert: Buffer } => {
	const folder = temporaryFolder('tls');
	const [key, cert] = ['key.pem', 'cert.pem'].map((file) => join(folder.path, file)) as [string, string];
	const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
	const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
	execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
	const files = { key: readFileSync(key), cert: readFileSync(cert) };
	folder.remove();
	return files;
};

/**
 * Ends TLS for a host name, as nginx or Caddy would before a cluster, with what the README tells to set there. `routes` says
 * for a path to which server of this host it goes, as `http://127.0.0.1:8080`.
 */
export const startTlsProxy = async (host: string, routes: (path: string) => string): Promise<TlsProxy> => {
	const forward = (incoming: IncomingMessage) => {
		const { method, url = '/', headers, socket } = incoming;
		const forwarded = {
			'x-forwarded-proto': 'https',
			'x-forwarded-host': headers.host,
			'x-forwarded-for': socket.remoteAddress,
		};
		const [path = '/'] = url.split('?');
		return request(new URL(url, routes(path)), { method, headers: { ...headers, ...forwarded } });
	};
	const server = createServer(certificateFor(host), (incoming, answer) => {
		const outgoing = forward(incoming);
		outgoing.on('response', (response) => {
			answer.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(answer);
		});
		outgoing.on('error', () => answer.destroy());
		incoming.pipe(outgoing);
	});
	const upgraded = new Set<Duplex>();
	server.on('upgrade', (incoming, client: Duplex) => {
		const outgoing = forward(incoming);
		client.on('error', () => {});
		outgoing.on('error', () => client.destroy());
		outgoing.on('upgrade', ({ rawHeaders }, upstream) => {
			const lines = ['HTTP/1.1 101 Switching Protocols'];
			for (let index = 0; index < rawHeaders.length; index += 2) {
				lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
			}
			client.write(`${lines.join('\r\n')}\r\n\r\n`);
			for (const [from, to] of [
				[client, upstream],
				[upstream, client],
			] as const) {
				upgraded.add(from);
				from.on('error', () => {});
				from.on('close', () => {
					upgraded.delete(from);
					to.destroy();
				});
				from.pipe(to);
			}
		});
		outgoing.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		close: async () => {
			for (const socket of upgraded) socket.destroy();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
