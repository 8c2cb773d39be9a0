import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
	readonly status: number | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

interface Asked {
	readonly method?: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
}

/** A request over a connection of its own, from an address of this machine (127.0.0.0/8 are all). */
export const askFrom = (
	address: string,
	url: string,
	{ method = 'GET', headers, body }: Asked = {},
): Promise<HttpAnswer> =>
	new Promise((resolve, reject) => {
		const asked = request(url, { method, headers: headers ?? {}, localAddress: address, agent: false }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => {
				text += part;
			});
			response.on('error', reject);
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
		});
		asked.on('error', reject).end(body);
	});

/** A socket that is open, from an address of this machine. `ended` is everything that came until it was closed. */
export const openFrom = async (address: string, url: string): Promise<{ socket: Socket; ended: Promise<string> }> => {
	const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress: address });
	let text = '';
	const ended = new Promise<string>((resolve) => {
		socket.on('data', (part) => {
			text += part.toString();
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(text));
	});
	await once(socket, 'connect');
	return { socket, ended };
};

/** A limit's refusals so far, as a scrape tells them. */
export const refusalsIn = (metrics: string, limit: string): number =>
	Number(new RegExp(`^tschat_limit_refusals_total\\{[^}]*limit="${limit}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
