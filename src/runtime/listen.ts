import { lookup } from 'node:dns/promises';
import type { Server } from 'node:net';

/** The address that a server listens on. Of the name `localhost` the first: Fastify would make a server for each, of which only one had limits. */
export const addressOf = async (host: string): Promise<string> =>
	host === 'localhost' ? (await lookup(host)).address : host;

/** Listens, and gives the port (of use when 0 was asked for). Rejects with the system's error, which names address and port. */
export const listen = async (server: Server, host: string, port: number): Promise<number> => {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host, port, backlog: 4096 }, () => {
			server.off('error', reject);
			resolve();
		});
	});
	const address = server.address();
	return address === null || typeof address === 'string' ? port : address.port;
};
