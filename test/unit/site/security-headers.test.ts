import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openEtcdRegistry } from '../../../src/adapters/etcd/registry.ts';
import type { ServiceInstance, ServiceRegistry } from '../../../src/ports/service-registry.ts';
import type { Config } from '../../../src/runtime/config-schema.ts';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { type RunningEtcd, startEtcd } from '../../support/etcd.ts';
import { eventually } from '../../support/eventually.ts';
import { ask, builtPage, startSite } from './support.ts';

let folder: string;
let etcd: RunningEtcd;
let registries = 0;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
	const page = await builtPage();
	folder = page.path;
	etcd = await startEtcd();
	return async () => {
		await etcd.stop();
		page.remove();
	};
});
afterEach(async () => {
	for (const end of ending.splice(0).reverse()) await end();
});

/** Discovery as a process of its own sees it; both ends of one test are under the same prefix. */
const registryOf = async (prefix: string): Promise<ServiceRegistry> => {
	const registry = await openEtcdRegistry({ hosts: [etcd.url], prefix, leaseSeconds: 5 });
	ending.push(() => registry.close());
	return registry;
};

const connectWs = (serverId: string, publicUrl: string | null): ServiceInstance => ({
	service: 'connect-ws',
	serverId,
	rpc: `ws://10.0.0.1:9000/${serverId}`,
	publicUrl,
	admin: null,
	version: '1.2.3',
	startedAt: 1_700_000_000_000,
});

interface Running {
	/** The sources that the page may connect to, for a browser that comes with these headers. */
	connects(headers: Record<string, string>): Promise<string[]>;
	readonly url: string;
	/** Where the connect servers of a test register. */
	readonly servers: ServiceRegistry;
}

const start = async (publicUrls: readonly (string | null)[], site: Partial<Config['site']> = {}): Promise<Running> => {
	const prefix = `/site-${++registries}`;
	const servers = await registryOf(prefix);
	for (const [index, publicUrl] of publicUrls.entries()) await servers.register(connectWs(`ws-${index}`, publicUrl));
	const started: StartedModule & { url: string } = await startSite(folder, {
		site,
		registry: await registryOf(prefix),
	});
	ending.push(() => started.stop());
	return {
		url: started.url,
		servers,
		connects: async (headers) => {
			const policy = (await ask(started.url, '/', headers)).headers['content-security-policy'] ?? '';
			return /connect-src ([^;]*)/.exec(String(policy))?.[1]?.split(' ').sort() ?? [];
		},
	};
};
const https = { 'x-forwarded-proto': 'https' };

describe('the page may connect to', () => {
	test('its own host, the API and the hosts of the connect servers, and to nothing else', async () => {
		const { connects } = await start(['ws://10.0.0.1:7000/ws', 'ws://10.0.0.2:7000/ws', 'ws://10.0.0.2:7100/ws', null]);
		expect(await connects({ host: 'chat.example:8080' })).toEqual([
			"'self'",
			'http://chat.example:7070',
			'ws://10.0.0.1:*',
			'ws://10.0.0.2:*',
			'ws://chat.example:*',
		]);
	});

	test('servers that are known by loopback by the host by which the browser came, as the API tells them', async () => {
		const { connects } = await start(['ws://127.0.0.1:7000/ws', 'ws://127.0.0.1:7100/ws']);
		expect(await connects({ host: 'chat.example:8080' })).toEqual([
			...["'self'", 'http://chat.example:7070', 'ws://chat.example:*'],
		]);
		expect(await connects({ host: 'chat.example', ...https })).toEqual([
			...["'self'", 'https://chat.example:7070', 'wss://chat.example:*'],
		]);
		expect(await connects({ host: '127.0.0.1:8080' })).toEqual([
			...["'self'", 'http://127.0.0.1:7070', 'ws://127.0.0.1:*'],
		]);
	});

	test('a server that came after the page’s server, and no longer to one that left', async () => {
		const { connects, servers } = await start([]);
		const registration = await servers.register(connectWs('late', 'wss://late.example/ws'));
		const headers = { host: 'chat.example' };
		await eventually(async () => expect(await connects(headers)).toContain('wss://late.example:*'));
		await registration.deregister();
		await eventually(async () => expect(await connects(headers)).not.toContain('wss://late.example:*'));
	});

	test('the configured WebSocket alone, if there is one', async () => {
		const { connects } = await start(['ws://10.0.0.1:7000/ws'], {
			api_url: 'https://api.example/chat',
			ws_url: 'wss://live.example:8443/ws',
		});
		expect(await connects({ host: 'chat.example', ...https })).toEqual([
			...["'self'", 'https://api.example', 'wss://live.example:8443'],
		]);
	});

	test('its own origin alone, if the settings are paths', async () => {
		const { connects } = await start(['ws://10.0.0.1:7000/ws'], { api_url: '/', ws_url: '/ws' });
		expect(await connects({ host: 'chat.example', ...https })).toEqual([
			...["'self'", 'https://chat.example', 'wss://chat.example'],
		]);
	});

	test('any host of the scheme where a policy cannot name the address', async () => {
		const { connects } = await start(['ws://10.0.0.1:7000/ws', 'wss://[2001:db8::1]:7000/ws']);
		expect(await connects({ host: '[::1]:8080' })).toEqual(["'self'", 'http:', 'ws:', 'ws://10.0.0.1:*', 'wss:']);
	});

	test('any server, if there are so many that naming them would make the header too long for proxies', async () => {
		const { connects } = await start(Array.from({ length: 51 }, (_, index) => `ws://10.0.0.${index}:7000/ws`));
		expect(await connects({ host: 'chat.example' })).toEqual([
			...["'self'", 'http://chat.example:7070', 'ws:', 'ws://chat.example:*', 'wss:'],
		]);
	});

	test.each(["x'; script-src *", 'a;b', 'a,b', '*', '*.example', '256.256.256.256'])(
		'nothing that somebody writes as the host or as a server’s URL: "%s"',
		async (host) => {
			const { connects } = await start([`ws://${host}:7000/ws`.replace('256.256.256.256', 'a b')]);
			expect(await connects({ host })).toEqual(["'self'", 'http://127.0.0.1:7070', 'ws://127.0.0.1:*']);
		},
	);
});

describe('every answer', () => {
	const securityHeaders = [
		...['content-security-policy', 'permissions-policy', 'x-content-type-options', 'referrer-policy'],
		...['x-frame-options', 'cross-origin-opener-policy', 'cross-origin-resource-policy'],
	];

	test('forbids all else that a page could do', async () => {
		const { url } = await start([]);
		for (const path of [
			'/',
			'/status',
			'/config.json',
			'/favicon.svg',
			'/assets/index-Ab_12-cD.js',
			'/nothing',
			'/%zz',
		]) {
			const { headers } = await ask(url, path, { 'accept-encoding': 'br' });
			const policy = String(headers['content-security-policy']).split('; ');
			expect(
				policy.filter((directive) => !directive.startsWith('connect-src ')),
				path,
			).toEqual([
				...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"],
				...["manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
				...["require-trusted-types-for 'script'", "trusted-types 'none'"],
			]);
			expect(headers['x-content-type-options']).toBe('nosniff');
			expect(headers['referrer-policy']).toBe('no-referrer');
			expect(headers['x-frame-options']).toBe('DENY');
			expect(headers['cross-origin-opener-policy']).toBe('same-origin');
			expect(headers['cross-origin-resource-policy']).toBe('same-origin');
			expect(headers).not.toHaveProperty('strict-transport-security');
			const { headers: overTls } = await ask(url, path, https);
			// What is no path is not looked at any further.
			if (path !== '/%zz') expect(overTls['strict-transport-security'], path).toBe('max-age=31536000');
			for (const feature of ['camera', 'microphone', 'geolocation']) {
				expect(headers['permissions-policy']).toContain(`${feature}=()`);
			}
		}
	});

	test.each([
		['a request that waits to be told to go on', 'GET', { expect: '100-continue' }, 200],
		['an expectation that nobody knows', 'GET', { expect: 'anything' }, 200],
		[
			'a preflight, which allows nothing',
			'OPTIONS',
			{ origin: 'https://other.example', 'access-control-request-method': 'GET' },
			404,
		],
	])('has the headers: that to %s', async (_what, method, asked, status) => {
		const { url } = await start([]);
		const usual = (await ask(url, '/config.json')).headers;
		const answer = await ask(url, '/config.json', asked, method);
		expect(answer.status).toBe(status);
		for (const header of securityHeaders) expect(answer.headers[header], header).toBe(usual[header]);
		expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
	});
});
