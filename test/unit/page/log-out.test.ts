import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { signedIn, useSession } from '../../../site/src/session/session.ts';
import { logOut } from '../../../site/src/settings/log-out.ts';

beforeEach(() => signedIn({ token: 'mine', user: { id: '1', name: 'ann' } }));

test('logging out is over here at once, by the person’s own wish, and asked of the server', async () => {
	const server = createServer((_request, response) => response.writeHead(204).end());
	const asked = once(server, 'request') as Promise<[IncomingMessage]>;
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	const done = logOut({ api: `http://127.0.0.1:${port}`, token: 'mine' });
	expect(useSession.getState()).toMatchObject({ session: null, ending: null });
	const [{ method, url, headers }] = await asked;
	expect([method, url, headers.authorization]).toEqual(['DELETE', '/v2/sessions/current', 'Bearer mine']);
	await done;
	expect(useSession.getState()).toMatchObject({ session: null, ending: null });
	server.close();
	server.closeAllConnections();
});

test('it is over here also when the server does not answer, and the person is told', async () => {
	const done = logOut({ api: 'http://127.0.0.1:1', token: 'mine' });
	expect(useSession.getState()).toMatchObject({ session: null, ending: null });
	await done;
	expect(useSession.getState()).toMatchObject({ session: null, ending: 'untold' });
});
