import { InvalidArgumentError } from 'commander';
import { post, tokenOf } from '../../support/gochat-client.ts';
import { gochatPosts } from './gochat-posts.ts';
import type { BenchUser, TargetKind } from './target.ts';
import { userPool } from './user-pool.ts';

/** Users that are signed in at the same time. */
const atOnce = 16;

const userNamed = async (http: string, name: string): Promise<BenchUser> => {
	const token = await tokenOf(http, name);
	const { code, message, data } = await post(http, '/user/checkAuth', { authToken: token });
	const id = Number((data as { userId?: unknown } | null)?.userId);
	if (code !== 0 || !Number.isSafeInteger(id)) throw new Error(`${http} does not know ${name}: ${message}`);
	return { id, name, token };
};

/** Users `bench-0` and so on: registered at first, logged in when the server has them from an earlier run. */
const usersOf = (http: string) =>
	userPool(async (from, to) => {
		const users: BenchUser[] = [];
		while (from + users.length < to) {
			const first = from + users.length;
			const step = Math.min(atOnce, to - first);
			users.push(
				...(await Promise.all(Array.from({ length: step }, (_, index) => userNamed(http, `bench-${first + index}`)))),
			);
		}
		return users;
	});

const protocolOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : '');

/**
 * A server that somebody else runs and that speaks gochat's protocol: `name=http://…,ws://…`, one address of its HTTP API
 * and one or more for sockets. Throws an `InvalidArgumentError` for anything else.
 */
export const givenTarget = (text: string): TargetKind => {
	const [, name = '', addresses = ''] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
	const [api = '', ...sockets] = addresses.split(',');
	if (protocolOf(api) !== 'http:' || sockets.length === 0 || sockets.some((url) => protocolOf(url) !== 'ws:')) {
		throw new InvalidArgumentError('It must be like gochat=http://127.0.0.1:7070,ws://127.0.0.1:7000/ws.');
	}
	const http = api.replace(/\/+$/, '');
	return {
		name,
		probe: async () => {
			await fetch(http).catch((error: Error) => {
				throw new InvalidArgumentError(`${name} does not answer at ${http}: ${String(error.cause ?? error)}`);
			});
		},
		start: async () => ({
			name,
			dialects: ['gochat'],
			sockets,
			http,
			users: usersOf(http),
			...gochatPosts,
			processes: () => [],
			stop: async () => {},
		}),
	};
};
