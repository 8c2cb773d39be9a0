import { once } from 'node:events';
import { createServer } from 'node:https';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RpcTls } from '../../src/adapters/json-rpc/tls.ts';
import type { RpcServer } from '../../src/ports/rpc.ts';
import { readCertificates } from '../../src/runtime/certificates.ts';
import { createAuthority, type KeyPair } from '../support/certificates.ts';
import { rpcContract } from './rpc.contract.ts';
import { handlersWith, type NetworkHarness, networkHarness, secret } from './rpc-support.ts';

const authority = createAuthority();
const stranger = createAuthority();

/** TLS with certificates that can be renewed; `ca` is whom it trusts. */
const tlsWith = (pair: KeyPair, { ca = authority.ca, name = '' } = {}): RpcTls & { renew(next: KeyPair): void } => {
	const read = ({ cert, key }: KeyPair) =>
		readCertificates({
			cert: { setting: 'rpc.tls_cert', path: cert },
			key: { setting: 'rpc.tls_key', path: key },
			ca: { setting: 'rpc.tls_ca', path: ca },
		});
	const callbacks = new Set<() => void>();
	let current = read(pair);
	return {
		name,
		certificates: {
			get current() {
				return current;
			},
			onRenewed: (callback) => {
				callbacks.add(callback);
				return () => void callbacks.delete(callback);
			},
		},
		renew: (next) => {
			current = read(next);
			for (const callback of callbacks) callback();
		},
	};
};

const module = tlsWith(authority.issue('module'));

rpcContract('network over TLS', () => networkHarness({ tls: module }));

const user = async ({ id }: { id: number }) => ({ id, name: 'one' });

describe('modules that call each other over TLS', () => {
	let net: NetworkHarness;
	let server: RpcServer;
	beforeEach(async () => {
		net = await networkHarness({ tls: module });
		server = await net.serve('logic', 'one', { 'logic.user': user });
	});
	afterEach(() => net.close());

	const address = () => new URL(server.address ?? '');
	/** How a connection with the right secret ends, with these TLS settings. */
	const outcomeWith = async (options: object): Promise<string> => {
		const headers = { authorization: `Bearer ${secret}` };
		const socket = new WebSocket(`${server.address}/rpc`, { headers, ...options });
		return new Promise((resolve) => {
			socket.on('open', () => resolve('open'));
			socket.on('error', (error) => resolve(error.message));
		}).finally(() => socket.terminate()) as Promise<string>;
	};

	test('register an address that says so', () => {
		expect(server.address).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
	});

	test('take no caller without a certificate, or with one that another authority signed, whatever secret it knows', async () => {
		const { ca, cert, key } = module.certificates.current;
		expect(await outcomeWith({ ca, cert, key })).toBe('open');
		expect(await outcomeWith({ ca })).toMatch(/certificate required|ECONNRESET|socket hang up/i);
		expect(
			await outcomeWith({ ...tlsWith(stranger.issue('stranger'), { ca: stranger.ca }).certificates.current, ca }),
		).toMatch(/unknown ca|ECONNRESET|socket hang up/i);
		expect(
			await outcomeWith({ ca, cert, key, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
		).toMatch(/protocol version|unsupported protocol/i);
	});

	test('speak to nobody over a plain connection', async () => {
		const plain = new WebSocket(`ws://${address().host}/rpc`, { headers: { authorization: `Bearer ${secret}` } });
		const [error] = await once(plain, 'error');
		expect(String(error)).toMatch(/ECONNRESET|socket hang up/);
		const plainRpc = await net.createRpc({ tls: undefined });
		const { address: open } = await plainRpc.serve('logic', 'two', handlersWith('logic', { 'logic.user': user }));
		await net.register('logic', 'two', open);
		const call = net.client.call('logic.user', { id: 1 }, { serverId: 'two' });
		await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('tell no secret to a server whose certificate their authority did not sign, or that is for another name', async () => {
		const wrong = [
			tlsWith(stranger.issue('impostor'), { ca: stranger.ca }),
			tlsWith(authority.issue('elsewhere', { names: ['DNS:elsewhere.example', 'IP:192.0.2.1'] })),
		];
		for (const [index, { certificates }] of wrong.entries()) {
			const { cert, key } = certificates.current;
			const asked: string[] = [];
			const impostor = createServer({ cert, key });
			impostor.on('upgrade', (request) => asked.push(String(request.headers.authorization)));
			await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
			const { port } = impostor.address() as { port: number };
			await net.register('logic', `wrong-${index}`, `wss://127.0.0.1:${port}`);
			const call = net.client.call('logic.user', { id: 1 }, { serverId: `wrong-${index}` });
			await expect(call).rejects.toMatchObject({ key: 'unavailable' });
			expect(asked).toEqual([]);
			impostor.closeAllConnections();
			impostor.close();
		}
	});

	test('can share one certificate for a name, wherever they run', async () => {
		const shared = tlsWith(authority.issue('shared', { names: ['DNS:tschat.internal'] }), { name: 'tschat.internal' });
		const host = await net.createRpc({ tls: shared });
		const served = await host.serve('logic', 'shared', handlersWith('logic', { 'logic.user': user }));
		await net.register('logic', 'shared', served.address);
		const caller = await net.createRpc({ tls: shared });
		expect(await caller.call('logic.user', { id: 1 }, { serverId: 'shared' })).toEqual({ id: 1, name: 'one' });
		const byAddress = net.client.call('logic.user', { id: 1 }, { serverId: 'shared' });
		await expect(byAddress).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('show a renewed certificate to the next caller, and keep the connections that are open', async () => {
		const renewing = tlsWith(authority.issue('first'));
		const host = await net.createRpc({ tls: renewing });
		const served = await host.serve('logic', 'renewing', handlersWith('logic', { 'logic.user': user }));
		await net.register('logic', 'renewing', served.address);
		const call = () => net.client.call('logic.user', { id: 1 }, { serverId: 'renewing' });
		const shown = async (): Promise<string | undefined> => {
			const port = Number(new URL(served.address ?? '').port);
			const socket = connect({ ...module.certificates.current, host: '127.0.0.1', port });
			await once(socket, 'secureConnect');
			const { CN } = socket.getPeerCertificate().subject;
			socket.destroy();
			return String(CN);
		};
		await call();
		expect(await shown()).toBe('first');
		renewing.renew(authority.issue('second'));
		expect(await shown()).toBe('second');
		expect(await call()).toEqual({ id: 1, name: 'one' });
	});
});
