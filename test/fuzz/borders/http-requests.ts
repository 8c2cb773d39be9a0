import type { TSchema } from 'typebox';
import { accountRoutes } from '../../../src/api/v2/account-routes.ts';
import { conversationRoutes } from '../../../src/api/v2/conversation-routes.ts';
import { endpointRoutes } from '../../../src/api/v2/endpoint-routes.ts';
import { roomRoutes } from '../../../src/api/v2/room-routes.ts';
import { statusRoutes } from '../../../src/api/v2/status-routes.ts';
import { v1Routes } from '../../../src/protocol/http-v1.ts';
import type { Campaign } from '../campaign.ts';
import { generate } from '../inputs/generate.ts';
import { hostileTexts, hostileValues } from '../inputs/hostile.ts';
import { mutateBytes } from '../inputs/mutate-bytes.ts';
import { mutateJson, toText } from '../inputs/mutate-json.ts';
import type { Random } from '../inputs/random.ts';

const v2Routes = [...accountRoutes, ...conversationRoutes, ...endpointRoutes, ...roomRoutes, ...statusRoutes];

/** Each byte as %XX: what a path can say of any text, also of such as is no UTF-8. */
const percent = (text: string | Buffer): string =>
	Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const hostileSegment = (random: Random): string => {
	const hostile = random.pick(hostileTexts);
	return random.pick([
		percent(String(hostile)),
		percent(random.bytes(3)),
		'%',
		'%zz',
		'..',
		'.',
		'',
		'%2e%2e%2f',
		'a'.repeat(4000),
	]);
};

const headerPairs = [
	'traceparent',
	'tracestate',
	'x-forwarded-host',
	'x-forwarded-proto',
	'x-forwarded-for',
	'origin',
	'accept',
	'content-type',
	'accept-encoding',
	'range',
	'if-none-match',
	'if-modified-since',
	'cookie',
	'expect',
	'te',
	'upgrade',
	'access-control-request-method',
	'accept-version',
	'user-agent',
];
const headerValues = [
	'00-00000000000000000000000000000000-0000000000000000-01',
	'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz',
	'',
	',',
	'*',
	'a b;c=d',
	'127.0.0.1',
	'::1, ::1',
	'evil.example',
	'"',
	'null',
	'bytes=0-0,-1',
	'text/html; charset=\u00ff',
	'application/json',
	'x'.repeat(3000),
	'100-continue',
	'websocket',
	'__proto__',
];

const headerLines = (random: Random, authorization: string): string[] => {
	const lines = [`authorization: ${authorization}`];
	if (random.chance(0.15))
		lines[0] = `authorization: ${random.pick(['', 'Bearer', 'Bearer ', 'Basic QTpC', `Bearer ${'x'.repeat(300)}`, 'bearer __proto__', 'Bearer é'])}`;
	for (let left = random.chance(0.3) ? 1 + random.int(3) : 0; left > 0; left -= 1) {
		lines.push(`${random.pick(headerPairs)}: ${random.pick(headerValues)}`);
	}
	// A server that is asked to upgrade or to go on first answers in another order.
	return lines.filter((line) => !/^(expect|upgrade)/.test(line) || random.chance(0.2));
};

interface Parts {
	readonly method: string;
	readonly path: string;
	readonly body: Buffer | undefined;
	readonly authorization: string;
}

const compose = (random: Random, { method, path, body, authorization }: Parts): Buffer => {
	const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost', ...headerLines(random, authorization)];
	if (body === undefined) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
	if (random.chance(0.1)) {
		const cut = random.int(body.length + 1);
		const chunks = [body.subarray(0, cut), body.subarray(cut)].filter((chunk) => chunk.length > 0);
		return Buffer.concat([
			Buffer.from(`${lines.join('\r\n')}\r\ntransfer-encoding: chunked\r\n\r\n`, 'latin1'),
			...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
			Buffer.from('0\r\n\r\n'),
		]);
	}
	return Buffer.concat([
		Buffer.from(`${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`, 'latin1'),
		body,
	]);
};

const bodyOf = (random: Random, schema: TSchema, { world }: Campaign): Buffer => {
	const value = generate(random, schema, world);
	if (random.chance(0.2)) return Buffer.from(toText(value));
	if (random.chance(0.85)) return Buffer.from(mutateJson(random, value));
	return mutateBytes(random, Buffer.from(toText(value)));
};

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];

export const v1Request = (random: Random, campaign: Campaign): Buffer => {
	const [path, { body }] = random.pick(Object.entries(v1Routes));
	return compose(random, {
		method: random.chance(0.05) ? random.pick(methods) : 'POST',
		path: random.chance(0.05) ? `${path}/${hostileSegment(random)}` : path,
		body: bodyOf(random, body, campaign),
		authorization: '',
	});
};

const queryOf = (random: Random, schema: TSchema, { world }: Campaign): string => {
	const pairs = Object.entries(generate(random, schema, world) as Record<string, unknown>);
	const odd = () =>
		random.pick([
			`${hostileSegment(random)}`,
			percent(toText(random.pick(hostileValues)).slice(0, 300)),
			'1e3',
			'-1',
			'01',
			'+1',
			' 1'.trim(),
		]);
	const texts = pairs.map(([name, value]) => `${name}=${random.chance(0.5) ? percent(String(value)) : odd()}`);
	if (random.chance(0.2))
		texts.push(random.pick(['', '=', '&&', '__proto__=1', 'limit=1&limit=2', 'limit[]=1', 'a'.repeat(2000), '%']));
	return texts.length === 0 ? '' : `?${texts.join('&')}`;
};

export const v2Request = (random: Random, campaign: Campaign): Buffer => {
	const { method, path, params, query, body } = random.pick(v2Routes);
	const values = params === undefined ? {} : (generate(random, params, campaign.world) as Record<string, string>);
	const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
		random.chance(0.3)
			? hostileSegment(random)
			: random.chance(0.5)
				? percent(values[name] ?? '')
				: (values[name] ?? ''),
	);
	return compose(random, {
		method: random.chance(0.05) ? random.pick(methods) : method,
		path:
			(random.chance(0.03) ? filled.replace('/', '//') : filled) +
			(query === undefined ? '' : queryOf(random, query, campaign)),
		body: body === undefined ? (random.chance(0.1) ? random.bytes(20) : undefined) : bodyOf(random, body, campaign),
		authorization: `Bearer ${random.pick(campaign.world.tokens)}`,
	});
};

const sitePaths = [
	'/',
	'/status',
	'/config.json',
	'/index.html',
	'/assets/',
	'/favicon.ico',
	'/docs',
	'/.git/config',
	'/healthz',
];

export const siteRequest = (random: Random): Buffer => {
	const path = random.pick(sitePaths);
	return compose(random, {
		method: random.chance(0.1) ? random.pick(methods) : 'GET',
		path: random.chance(0.6) ? `${path}${random.pick(['', '/', '?', '..%2f'])}${hostileSegment(random)}` : path,
		body: random.chance(0.05) ? random.bytes(30) : undefined,
		authorization: '',
	});
};
