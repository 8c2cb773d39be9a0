import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { createAuthority } from '../support/certificates.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { eventually } from '../support/eventually.ts';
import { joined, post, tcpClient, webSocketClient } from '../support/gochat-client.ts';
import { startPostgres } from '../support/postgres.ts';
import { restClient, type SignedIn } from '../support/rest-client.ts';
import { tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

// A cluster in production mode that encrypts all there is, on servers that encrypt and ask for passwords, at the most talkative log level.

const secretsOfServers = {
	'rpc.secret': 'SECRET-rpc-1-k3Xq9vLz',
	'rpc.other_secret': 'SECRET-rpc-2-b8WnT4yQ',
	'redis and etcd': 'SECRET-servers-p5RdM2',
	store: 'SECRET-store-h7JcV9',
};
/** Every token and password that there ever was in these tests, by what it is. */
const secrets = new Map<string, string>(Object.entries(secretsOfServers));
const keep = (what: string, secret: string): string => {
	expect(secret).not.toBe('');
	secrets.set(`${what} (${secrets.size})`, secret);
	return secret;
};

const authority = createAuthority();
const [servers, module, clients] = ['servers', 'module', 'clients'].map((name) => authority.issue(name)) as [
	ReturnType<typeof authority.issue>,
	ReturnType<typeof authority.issue>,
	ReturnType<typeof authority.issue>,
];

let database: DatabaseServer;
let cluster: Cluster;
let apiUrl: string;
let wsUrl: string;
let tcpPort: number;
beforeAll(async () => {
	// The cluster's processes inherit it: for Redis, whose URL names no authority.
	vi.stubEnv('NODE_EXTRA_CA_CERTS', authority.ca);
	database = await startPostgres({ tls: servers, password: secretsOfServers.store });
	const store = await database.createDatabase();
	cluster = await startCluster({
		connectWs: 1,
		task: 1,
		site: 1,
		serversTls: servers,
		serversPassword: secretsOfServers['redis and etcd'],
		storeUrl: `${store}?sslmode=verify-full&sslrootcert=${authority.ca}`,
		settings: {
			mode: 'production',
			'log.level': 'trace',
			'auth.demo_users': false,
			'auth.scrypt_log_n': 15,
			'connect_ws.allowed_origins': 'https://chat.example',
			'rpc.secret': secretsOfServers['rpc.secret'],
			'rpc.other_secret': secretsOfServers['rpc.other_secret'],
			'rpc.tls_cert': module.cert,
			'rpc.tls_key': module.key,
			'rpc.tls_ca': authority.ca,
			'etcd.ca': authority.ca,
			'etcd.user': 'root',
			'etcd.password': secretsOfServers['redis and etcd'],
			'tls.cert': clients.cert,
			'tls.key': clients.key,
		},
	});
	// From here on, so that only the clients in these tests take any certificate.
	vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
	apiUrl = cluster.apiUrl.replace(/^http:/, 'https:');
	wsUrl = (cluster.wsUrls[0] ?? '').replace(/^ws:/, 'wss:');
	tcpPort = cluster.tcpPorts[0]?.[0] ?? 0;
}, 90_000);
afterAll(async () => {
	await cluster.stop();
	await database.remove();
});

const dial = (port: number) => connect({ host: '127.0.0.1', port, ca: authority.pem, rejectUnauthorized: true });

/** Registers, over REST v2. */
const register = async (name: string, password: string): Promise<SignedIn> => {
	const { status, body } = await restClient(apiUrl)('POST', '/v2/users', { name, password });
	expect(status).toBe(201);
	const signedIn = body as SignedIn;
	keep(`password of ${name}`, password);
	keep(`token of ${name}`, signedIn.token);
	return signedIn;
};

describe('everything is encrypted, and it works', () => {
	test('every module registers a wss address for calls, and addresses for clients that say so', async () => {
		const registered = await cluster.etcd.ctl('get', '--prefix', '/tschat/services/', '--print-value-only');
		expect(registered.match(/"rpc":"[^"]*"/g)?.map((text) => text.slice(7, 13))).toEqual(Array(4).fill('wss://'));
		expect(registered).not.toMatch(/"(ws|tcp):\/\/|"publicUrl":"http:/);
		expect(registered).toMatch(/"publicUrl":"tls:\/\/127\.0\.0\.1:\d+,\d+"/);
	});

	test('a message goes from HTTP through RPC, PostgreSQL and Redis to sockets', async () => {
		const { token } = await register('reader', 'SECRET-password-of-reader');
		const ws = await webSocketClient(wsUrl, token, 5);
		const tcp = await tcpClient(tcpPort, token, 5, dial);
		await Promise.all([joined(ws, 'reader'), joined(tcp, 'reader')]);
		await post(apiUrl, '/push/pushRoom', { authToken: token, msg: 'encrypted', roomId: 5 });
		await Promise.all([ws.received.message('encrypted'), tcp.received.message('encrypted')]);
		for (const client of [ws, tcp]) client.close();
	});

	test('browsers of other origins are kept out', async () => {
		for (const [origin, status] of [
			['https://chat.example', 101],
			['https://evil.example', 403],
		] as const) {
			const socket = new WebSocket(wsUrl, { origin });
			socket.on('error', () => {});
			const got = await Promise.race([
				once(socket, 'upgrade').then(() => 101),
				once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
			]);
			expect(got).toBe(status);
			socket.terminate();
		}
	});
});

describe('tokens and passwords', () => {
	/** What was told to clients, besides the answers that are meant to hold a token. */
	const told: string[] = [];

	/** The answer, with its headers, kept unless it succeeded. */
	const ask = async (method: string, path: string, options: RequestInit = {}): Promise<unknown> => {
		const response = await fetch(apiUrl + path, { method, ...options });
		const text = await response.text();
		const failed = !response.ok || /"code":[^0]/.test(text);
		told.push(failed ? text : '', JSON.stringify([...response.headers]));
		try {
			return JSON.parse(text);
		} catch {
			return text;
		}
	};
	const json = (body: unknown): RequestInit => ({
		body: JSON.stringify(body),
		headers: { 'content-type': 'application/json' },
	});
	const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

	/** Accounts, right and wrong, over both APIs. */
	const useAccounts = async (): Promise<string> => {
		const password = keep('password', 'SECRET-password-1');
		const { token } = await register('ann', password);
		const wrong = keep('wrong password', 'SECRET-password-wrong');
		await ask('POST', '/v2/sessions', json({ name: 'ann', password: wrong }));
		await ask('POST', '/v2/sessions', json({ name: 'nobody', password: wrong }));
		await ask('POST', '/v2/users', json({ name: 'ann', password: wrong }));
		await ask('POST', '/v2/users', json({ name: 'x'.repeat(100), password: wrong }));
		await ask('POST', '/user/login', json({ userName: 'ann', passWord: wrong }));
		await ask('POST', '/user/register', json({ userName: 'ann', passWord: wrong }));
		const next = keep('next password', 'SECRET-password-2');
		const change = { current: wrong, next };
		await ask('PUT', '/v2/password', { ...json(change), headers: { authorization: `Bearer ${token}` } });
		await ask('PUT', '/v2/password', {
			...json({ current: password, next }),
			headers: { authorization: `Bearer ${token}` },
		});
		const { body } = await restClient(apiUrl)('POST', '/v2/sessions', { name: 'ann', password: next });
		const v1 = await post(apiUrl, '/user/login', { userName: 'ann', passWord: next });
		keep('token of v1', String(v1.data));
		return keep('token', (body as SignedIn).token);
	};

	/** Requests with tokens where none belong, and such as cannot be read. */
	const sendOddRequests = async (token: string): Promise<void> => {
		const bad = keep('unknown token', 'SECRET-token-nobody-has-this');
		for (const each of [token, bad]) {
			await ask('GET', `/v2/me?token=${each}`);
			await ask('GET', `/v2/${each}`);
			await ask('GET', `/${each}/%zz`, bearer(each));
			await ask('GET', '/v2/me', { headers: { authorization: each } });
			await ask('GET', '/v2/me', { headers: { authorization: `Basic ${each}`, cookie: `token=${each}` } });
			await ask('GET', '/v2/conversations/room:x/messages', bearer(each));
			await ask('DELETE', `/v2/sessions/${each}`, bearer(each));
			await ask('POST', '/v2/sessions', { body: `{"name":"ann","password":"${each}` });
			await ask('POST', '/v2/sessions', { body: `${each}`, headers: { 'content-type': each } });
			await ask('POST', '/v2/sessions', json({ name: 'ann', password: { nested: each } }));
			await ask('POST', '/v2/sessions', json({ name: 'ann', password: each.repeat(20_000) }));
			await ask('POST', '/push/pushRoom', json({ authToken: each, msg: 1, roomId: each }));
			await ask('POST', '/push/pushRoom', { body: `{"authToken":"${each}"` });
			await ask('POST', '/user/checkAuth', json({ authToken: `${each}${each}` }));
			await ask('POST', '/user/logout', json({ authToken: [each] }));
		}
	};

	/** Frames, right and wrong, over both sockets and both protocols. */
	const useSockets = async (token: string): Promise<void> => {
		const odd = [
			`{"type":"hello","token":"${token}`,
			JSON.stringify({ type: 'hello', token: { token } }),
			JSON.stringify({ type: 'hello', token: `${token}x` }),
			JSON.stringify({ type: token, token }),
			token,
		];
		const connectors = [
			() => tschatWebSocketClient(`${wsUrl}?token=${token}`),
			() => tschatTcpClient(tcpPort, undefined, dial),
		];
		for (const open of connectors) {
			for (const text of odd) {
				const client = await open();
				client.sendText(text);
				await client.until(() => client.frames[0] ?? client.closeCode, 'an answer');
				told.push(JSON.stringify(client.frames));
				client.close();
			}
			const client = await open();
			client.send({ type: 'hello', token, cursors: { 'room:6': 0 } });
			await client.frame('resumed');
			client.send({ type: 'send', ref: token, conv: 'room:6', kind: 'text', body: '' });
			client.sendText(`{"type":"history","token":"${token}","conv":"room:${token}"}`);
			client.send({ type: 'send', ref: 'fine', conv: 'room:6', kind: 'text', body: 'hello' });
			await client.message('hello');
			told.push(JSON.stringify(client.frames.filter((frame) => !('ref' in frame && frame.ref === token))));
			client.close();
		}
		const gochat = await webSocketClient(wsUrl, token, 6);
		await joined(gochat, 'ann');
		gochat.socket.send(`{"authToken":"${token}`);
		gochat.socket.send(JSON.stringify({ authToken: [token], roomId: token }));
		const stranger = await webSocketClient(wsUrl, `${token}x`, 6);
		await stranger.closed;
		const terminal = await tcpClient(tcpPort, token, 6, dial);
		await joined(terminal, 'ann');
		terminal.send({ op: 2, msg: '', toUserId: 0, authToken: token });
		terminal.socket.write(`${token} that is no packet`);
		await terminal.closed;
		for (const { received } of [gochat, stranger, terminal]) told.push(JSON.stringify(received.frames));
		gochat.close();
		// A server that refuses the upgrade, by a path and a header that hold the token.
		const refused = new WebSocket(`${wsUrl}/${token}`, { headers: { authorization: `Bearer ${token}` } });
		const [, answer] = await once(
			refused.on('error', () => {}),
			'unexpected-response',
		);
		told.push(JSON.stringify(answer.headers));
	};

	/** Calls between modules with a wrong secret, and servers that go away: what fails is logged. */
	const makeTrouble = async (token: string): Promise<void> => {
		const registered = await cluster.etcd.ctl('get', '--prefix', '/tschat/services/logic/', '--print-value-only');
		const rpc = /"rpc":"([^"]*)"/.exec(registered)?.[1];
		const stranger = new WebSocket(`${rpc}/rpc`, {
			cert: readFileSync(module.cert),
			key: readFileSync(module.key),
			headers: { authorization: `Bearer ${keep('wrong rpc secret', 'SECRET-rpc-of-a-stranger')}` },
		});
		const [, answer] = await once(
			stranger.on('error', () => {}),
			'unexpected-response',
		);
		expect(answer.statusCode).toBe(401);
		await cluster.redis.kill();
		await database.stop();
		await ask('GET', '/v2/me', bearer(token));
		await ask('POST', '/push/pushRoom', json({ authToken: token, msg: 'into the void', roomId: 6 }));
		await ask(
			'POST',
			'/v2/sessions',
			json({ name: 'ann', password: keep('password in an outage', 'SECRET-password-3') }),
		);
		await database.start();
		await cluster.redis.restart();
		await cluster.etcd.stop();
		await cluster.etcd.start();
		await eventually(async () => {
			const { status } = await restClient(apiUrl, token)('GET', '/v2/me');
			expect(status).toBe(200);
		}, 20_000);
	};

	/** Everything that the admin ports of all processes tell. */
	const adminAnswers = async (outputs: readonly string[]): Promise<string[]> => {
		const urls = outputs.flatMap((output) => /admin (http:\S+)/.exec(output)?.[1] ?? []);
		expect(urls).toHaveLength(outputs.length);
		const paths = ['/healthz', '/readyz', '/metrics'];
		const ask = async (url: string) => (await fetch(url)).text();
		return Promise.all(urls.flatMap((url) => paths.map((path) => ask(url + path))));
	};

	test('are in no log, metric, error or frame, whatever is done with them', async () => {
		const token = await useAccounts();
		await sendOddRequests(token);
		await useSockets(token);
		await makeTrouble(token);
		await ask('DELETE', '/v2/sessions/current', bearer(token));
		await ask('GET', '/v2/me', bearer(token));

		const nodes = ['api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site'].flatMap((name) => cluster.nodes(name));
		const outputs = () => nodes.map(({ process }) => process.output());
		const metrics = await adminAnswers(outputs());
		// The last lines are written when they stop.
		for (const { process } of nodes) process.signal('SIGTERM');
		await Promise.all(nodes.map(({ process }) => process.exited));
		const places = { logs: outputs(), metrics, answers: told };

		expect(secrets.size).toBeGreaterThan(15);
		for (const [place, texts] of Object.entries(places)) {
			expect(texts.join('').length, place).toBeGreaterThan(200);
			for (const text of texts) {
				for (const [what, secret] of secrets) {
					const at = text.indexOf(secret);
					expect(at < 0 ? 'nothing' : `${what} in ${place}: ${text.slice(Math.max(0, at - 200), at + 60)}`).toBe(
						'nothing',
					);
				}
			}
		}
		// The talk of the modules was really there to be looked at.
		expect(outputs().join('')).toMatch(/"level":20/);
		expect(outputs().join('')).toContain('rpc connection with a wrong secret refused');
	}, 90_000);
});
