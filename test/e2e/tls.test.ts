import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { createAuthority } from '../support/certificates.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { temporaryFolder } from '../support/processes.ts';
import { restClient } from '../support/rest-client.ts';
import { expectSlowReaderToComeBack } from '../support/slow-reader.ts';
import { tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

const authority = createAuthority();
const folder = temporaryFolder('tls');
const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')];
const install = (name: string): void => {
	const pair = authority.issue(name);
	copyFileSync(pair.cert, cert);
	copyFileSync(pair.key, key);
};

let chat: Embedded;
let apiUrl: string;
let siteUrl: string;
let wsUrl: string;
beforeAll(async () => {
	// The clients of these tests know no authority of their own; that the certificate is the right one, `shownBy` checks.
	vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
	install('chat');
	chat = await startEmbedded({
		'tls.cert': cert,
		'tls.key': key,
		'connect.max_unsent_bytes': 262_144,
		'connect.slow_timeout_ms': 1500,
	});
	[apiUrl, siteUrl] = [chat.apiUrl, chat.siteUrl].map((url) => url.replace(/^http:/, 'https:')) as [string, string];
	wsUrl = chat.wsUrl.replace(/^ws:/, 'wss:');
});
afterAll(async () => {
	await chat.stop();
	folder.remove();
});

const dial = (port: number): TLSSocket =>
	connect({ host: '127.0.0.1', port, ca: authority.pem, rejectUnauthorized: true });
const portOf = (url: string): number => Number(new URL(url).port);

/** Whose certificate a client that trusts the authority is shown. */
const shownBy = async (port: number): Promise<string> => {
	const socket = dial(port);
	await once(socket, 'secureConnect');
	const { CN } = socket.getPeerCertificate().subject;
	socket.destroy();
	return String(CN);
};

describe('with [tls] set', () => {
	test('site, api, connect-ws and both TCP ports show the certificate, and speak to nobody who does not encrypt', async () => {
		const ports = [siteUrl, apiUrl, wsUrl].map(portOf).concat(chat.tcpPorts);
		expect(await Promise.all(ports.map(shownBy))).toEqual(ports.map(() => 'chat'));
		for (const url of [chat.siteUrl, chat.apiUrl]) await expect(fetch(url)).rejects.toThrow();
		for (const port of ports) {
			const plain = connectPlain(port, '127.0.0.1').on('error', () => {});
			plain.resume().write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			await once(plain, 'close');
		}
	});

	test('the addresses that clients are told say so', async () => {
		const configured = await fetch(`${siteUrl}/config.json`);
		expect(await configured.json()).toEqual({ apiUrl, wsUrl: null });
		expect(configured.headers.get('strict-transport-security')).toBe('max-age=31536000');
		expect(configured.headers.get('content-security-policy')).toContain(` wss://127.0.0.1:*;`);
		expect(configured.headers.get('content-security-policy')).not.toContain('ws://127');
		const { body } = await restClient(apiUrl)('GET', '/v2/endpoints');
		expect(body).toEqual({
			items: expect.arrayContaining([
				expect.objectContaining({ protocol: 'ws', url: wsUrl }),
				expect.objectContaining({ protocol: 'tcp', url: `tls://127.0.0.1:${chat.tcpPorts[0]}` }),
			]),
		});
		expect(chat.node.process.output()).toContain(siteUrl.replace('127.0.0.1', 'localhost'));
	});

	test('clients of every protocol share a room', async () => {
		const [ann, bob] = await Promise.all([tokenOf(apiUrl, 'ann'), tokenOf(apiUrl, 'bob')]);
		const gochat = [
			await webSocketClient(wsUrl, ann, 5),
			await tcpClient(chat.tcpPorts[0] ?? 0, bob, 5, dial),
		] as const;
		const tschat = await tschatWebSocketClient(wsUrl, { token: ann, cursors: { 'room:5': 0 } });
		await Promise.all(gochat.map((client) => joined(client, 'bob')));
		gochat[1].send({ op: 3, msg: 'from tcp', roomId: 5 });
		await post(apiUrl, '/push/pushRoom', { authToken: ann, msg: 'from http', roomId: 5 });
		for (const body of ['from tcp', 'from http']) {
			await Promise.all(gochat.map(({ received }) => received.message(body)));
			await tschat.message(body);
		}
		for (const client of [...gochat, tschat]) client.close();
	});

	test('what a TCP client sent before it left is accepted', async () => {
		const token = await tokenOf(apiUrl, 'ann');
		const reader = await webSocketClient(wsUrl, token, 7);
		await joined(reader, 'ann');
		const leaver = await tcpClient(chat.tcpPorts[1] ?? 0, token, 7, dial);
		for (let index = 0; index < 5; index += 1) leaver.send({ op: 3, msg: `last words ${index}`, roomId: 7 });
		leaver.socket.end();
		await leaver.closed;
		await reader.received.message('last words 4');
		reader.close();
	});

	test(
		'P5: a reader that takes nothing is closed as too slow with no gap in what it got, and slows nobody',
		() => expectSlowReaderToComeBack({ apiUrl, wsUrl }),
		60_000,
	);

	test('a renewed certificate is shown after SIGHUP, and connections that are open stay', async () => {
		const token = await tokenOf(apiUrl, 'ann');
		const stays = await tschatTcpClient(chat.tcpPorts[0] ?? 0, { token, cursors: { 'room:9': 0 } }, dial);
		install('renewed');
		chat.node.process.signal('SIGHUP');
		const ports = [siteUrl, apiUrl, wsUrl].map(portOf).concat(chat.tcpPorts);
		await expect.poll(() => Promise.all(ports.map(shownBy))).toEqual(ports.map(() => 'renewed'));
		await post(apiUrl, '/push/pushRoom', { authToken: token, msg: 'still here', roomId: 9 });
		await stays.message('still here');
		stays.close();
	});

	test('handshakes that never end do not hold up a stop', async () => {
		const other = await startEmbedded({ 'tls.cert': cert, 'tls.key': key });
		const silent = [other.siteUrl, other.apiUrl, other.wsUrl]
			.map(portOf)
			.concat(other.tcpPorts)
			.map((port) => connectPlain(port, '127.0.0.1'));
		await Promise.all(
			silent.map((socket) =>
				once(
					socket.on('error', () => {}),
					'connect',
				),
			),
		);
		other.node.process.signal('SIGTERM');
		expect(await other.node.process.exited).toBe(0);
		await other.stop();
	});
});

describe('a browser', () => {
	let browser: TestBrowser;
	beforeAll(async () => {
		browser = await startBrowser();
		return () => browser.close();
	});
	afterEach(async () => {
		expect(await browser.closePages()).toEqual([]);
	});

	test('chats over TLS alone, by the addresses that the servers tell it', async () => {
		const enter = (name: string): Promise<ChatPage> => browser.enter(siteUrl, name, { ignoreHTTPSErrors: true });
		const pages = await Promise.all([enter('carl'), enter('dora')]);
		const [carl] = pages;
		const origins = new Set<string>();
		carl.page.on('request', (request) => void origins.add(new URL(request.url()).origin));
		await Promise.all(pages.map((page) => page.joinRoom('over tls')));
		await carl.say('hello');
		for (const page of pages) await soon(async () => (await page.messages()).length).toBe(1);
		await carl.page.reload();
		await carl.online();
		expect([...origins].every((origin) => origin.startsWith('https:'))).toBe(true);
		expect(new Set(carl.sockets)).toEqual(new Set([wsUrl]));
	}, 60_000);
});
