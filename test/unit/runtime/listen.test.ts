import dns from 'node:dns';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApiModule } from '../../../src/api/module.ts';
import type { CreateModule } from '../../../src/runtime/module.ts';
import { siteModuleOf } from '../../../src/site/module.ts';
import { moduleContext } from '../site/module-context.ts';
import { builtPage } from '../site/support.ts';

/** As on a machine on which `localhost` is both, for whoever asks for all: there Fastify makes a server for each, unless it was given one. */
const addresses = [
	{ address: '127.0.0.1', family: 4 },
	{ address: '::1', family: 6 },
];
const lookUp = dns.lookup;
beforeEach(() => {
	vi.spyOn(dns, 'lookup').mockImplementation(((host: string, options: dns.LookupAllOptions, done: () => void) =>
		host === 'localhost' && options.all
			? process.nextTick(done, null, addresses)
			: lookUp(host, options, done)) as never);
});
afterEach(() => vi.restoreAllMocks());

/** How a request is answered while its client has another connection; nothing where nobody listens. */
const secondOf = async (host: string, port: number): Promise<(number | undefined)[]> => {
	const first = connect(port, host);
	try {
		await once(first, 'connect');
	} catch {
		return [];
	}
	const [answer] = await once(get({ host, port, path: '/v2/endpoints', agent: false }), 'response');
	answer.resume();
	first.destroy();
	return [answer.statusCode];
};

test.each([
	['api', async () => ({ create: createApiModule, end: () => {} })],
	[
		'site',
		async () => {
			const page = await builtPage();
			return { create: siteModuleOf(page.path), end: page.remove };
		},
	],
] as readonly [string, () => Promise<{ create: CreateModule; end: () => void }>][])(
	'%s that listens on localhost has its limits at each address that it listens on',
	async (_, prepare) => {
		const { create, end } = await prepare();
		const limits = { http_connections_per_address: 1 };
		const context = await moduleContext({ host: 'localhost', advertiseHost: '127.0.0.1', trustedProxies: '', limits });
		const module = await (await create(context)).start();
		const port = Number(new URL(module.publicUrl ?? '').port);
		const answers = await Promise.all(addresses.map(({ address }) => secondOf(address, port)));
		expect(new Set(answers.flat())).toEqual(new Set([429]));
		await module.stop();
		end();
	},
);
