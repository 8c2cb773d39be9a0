import { createServer, type Server, type ServerResponse } from 'node:http';

/** Whom a message is for: `room:<id>` or `user:<id>`. */
export type Recipient = string;

const recipientOf = (path: string): Recipient | undefined => {
	const [, kind, id] = /^\/(room|user)\/(\d+)$/.exec(path) ?? [];
	return id === undefined ? undefined : `${kind}:${id}`;
};

const answer = (response: ServerResponse, status: number, body: string): void => {
	response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
	response.end(body);
};

/** How the servers beside tschat take messages: `POST /room/<id>` and `POST /user/<id>`, the text as the body; answered when `deliver` has returned. */
export const httpIn = (deliver: (to: Recipient, body: string) => void): Server => {
	const server = createServer((request, response) => {
		const to = request.method === 'POST' ? recipientOf(request.url ?? '') : undefined;
		if (to === undefined) return answer(response, 404, '{"ok":false}');
		let body = '';
		request.setEncoding('utf8');
		request.on('data', (chunk: string) => {
			body += chunk;
		});
		request.on('end', () => {
			deliver(to, body);
			answer(response, 200, '{"ok":true}');
		});
	});
	// As long as tschat's: senders keep their connections between two measurements.
	server.keepAliveTimeout = 72_000;
	return server;
};

/** Listens, and says so on stdout. */
export const listenAndTell = (server: Server, port: number): void => {
	server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
};
