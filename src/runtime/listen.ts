import type { Server } from 'node:net';

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
