import { setTimeout as sleep } from 'node:timers/promises';
import type { Border, Campaign } from '../campaign.ts';
import { mutateBytes, splice } from '../inputs/mutate-bytes.ts';
import type { Random } from '../inputs/random.ts';
import { Line } from '../line.ts';
import { siteRequest, v1Request, v2Request } from './http-requests.ts';

type Make = (random: Random, campaign: Campaign) => Buffer;

const pipelined = 15;
const last = Buffer.from('GET /v2/fuzz-ends HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
/** Of an answer that blames the server: never for what a client sends, however wrong it is. */
const blames = /HTTP\/1\.1 50[0125]|"internal error"/;

/** Many requests at once on one connection: each well-formed as HTTP, whatever it asks for. */
const requestsLane =
	(port: 'apiPort' | 'sitePort', make: Make) =>
	async (campaign: Campaign): Promise<void> => {
		for (let inputs = campaign.take(pipelined); inputs.length > 0; inputs = campaign.take(pipelined)) {
			const requests = inputs.map(({ random }) => make(random, campaign));
			const line = await Line.open(campaign.target[port], 4_194_304);
			line.write(Buffer.concat([...requests, last]));
			const outcome = await line.until(undefined, 30_000);
			const answers = line.tail.toString('latin1').split(/(?=HTTP\/1\.1 \d\d\d )/);
			const blamed = answers.findIndex((answer) => blames.test(answer));
			const shown =
				blamed < 0
					? ''
					: `${answers[blamed]?.slice(0, 40)} to ${requests[blamed - answers.length + requests.length + 1]}`;
			if (blamed >= 0) campaign.fault('the server blames itself', inputs[0], shown);
			if (outcome === 'late') campaign.fault('neither answered nor closed', inputs[0], requests.at(-1));
			line.drop();
		}
	};

const body = '{"authToken":"x"}';
const post = (...lines: string[]): string =>
	['POST /user/checkAuth HTTP/1.1', 'host: localhost', ...lines, '', body].join('\r\n');

/** What proxies and servers disagree about, and what only looks like HTTP. */
const broken: readonly ((random: Random) => string)[] = [
	() => post('content-length: 17', 'content-length: 5'),
	() => post('content-length: 17', 'transfer-encoding: chunked'),
	(random) =>
		post(`content-length: ${random.pick(['-1', '+17', '0x11', '1e1', '99999999999999999999', '17, 17', '', '17\0'])}`),
	(random) =>
		post(
			`transfer-encoding: ${random.pick(['identity', 'chunked, chunked', 'xchunked', ' chunked', 'chunked\u000b', 'gzip'])}`,
		),
	(random) =>
		`${post('transfer-encoding: chunked').slice(0, -body.length)}${random.pick(['-1', 'ffffffffffffffff', '5;ext="', 'g', '', '0x5', '5 '])}\r\n${body}\r\n0\r\n\r\n`,
	(random) => post(...Array.from({ length: random.pick([100, 1500, 5000]) }, (_, index) => `x-${index}: ${index}`)),
	(random) => post(`x: ${'y'.repeat(random.pick([8000, 17_000, 90_000]))}`),
	(random) => `GET /${'a'.repeat(random.pick([8000, 20_000]))} HTTP/1.1\r\nhost: x\r\n\r\n`,
	() => 'GET /v2/endpoints HTTP/1.1\r\n\r\n',
	() => 'GET /v2/endpoints HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
	() => 'GET /v2/endpoints HTTP/1.1\nhost: a\n\n',
	() => 'GET /v2/endpoints HTTP/1.1\r\nhost : a\r\n folded: b\r\n\r\n',
	(random) =>
		`${random.pick(['PRI * HTTP/2.0', 'GET http://other.example/ HTTP/1.1', 'CONNECT a:443 HTTP/1.1', 'GET * HTTP/1.1', 'OPTIONS * HTTP/1.1', 'GET / HTTP/0.9', 'GET /'])}\r\nhost: ${random.pick(['', 'a b', '[', 'a:99999', '\u0001', 'é', 'a/../b', 'x'.repeat(3000)])}\r\n\r\n`,
	() => 'GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
	() => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

const brokenLane = async (campaign: Campaign, lane: number): Promise<void> => {
	const { target } = campaign;
	const ports = [target.apiPort, target.apiPort, target.sitePort, target.wsPort];
	const port = ports[lane % ports.length] ?? target.apiPort;
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		const text = Buffer.from(random.pick(broken)(random), 'latin1');
		const other = Buffer.from(random.pick(broken)(random), 'latin1');
		const bytes = random.chance(0.5)
			? text
			: random.chance(0.6)
				? mutateBytes(random, text)
				: splice(random, text, other);
		const line = await Line.open(port);
		line.write(bytes);
		if (random.chance(0.3)) await sleep(1);
		line.end();
		// A request that ends in the middle need not be answered.
		await line.until(undefined, 1000);
		if (blames.test(line.tail.toString('latin1'))) campaign.fault('the server blames itself', input, bytes);
		line.drop();
	}
};

/** HTTP of api and site: requests that are wrong, and bytes that are none. */
export const http: readonly Border[] = [
	{ name: 'http v1', share: 9000, lanes: 3, lane: requestsLane('apiPort', v1Request) },
	{ name: 'http v2', share: 12_000, lanes: 3, lane: requestsLane('apiPort', v2Request) },
	{ name: 'http site', share: 3500, lanes: 1, lane: requestsLane('sitePort', siteRequest) },
	{ name: 'http broken', share: 2500, lanes: 4, lane: brokenLane },
];
