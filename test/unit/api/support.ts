import { pino } from 'pino';
import { createApp } from '../../../src/api/app.ts';
import type { RpcClient } from '../../../src/ports/rpc.ts';
import type { MethodName, ParamsOf, ResultOf } from '../../../src/protocol/rpc.ts';

type Answers = { [M in MethodName]?: (params: ParamsOf<M>) => ResultOf<M> };
type Call = { [M in MethodName]: { method: M; params: ParamsOf<M> } }[MethodName];

export const maxBodyBytes = 4096;

/** The API on a real port, with logic's answers given by the test. `calls` holds what it asked. */
export const startApi = async (answers: Answers) => {
	const calls: Call[] = [];
	const rpc: RpcClient = {
		call: async (method, params) => {
			calls.push({ method, params } as Call);
			const answer = answers[method];
			if (answer === undefined) throw new Error(`secret detail: no answer for ${method} in /srv/logic.ts`);
			return answer(params);
		},
	};
	const app = await createApp({ rpc, logger: pino({ level: 'silent' }), maxBodyBytes });
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return {
		url,
		calls,
		close: () => app.close(),
		/** Posts a body (an object as JSON, a string as it is); the status and the answer. */
		postBytes: async (path: string, body: Buffer) => {
			const response = await fetch(url + path, { method: 'POST', body: new Uint8Array(body) });
			return { status: response.status, answer: (await response.json()) as unknown };
		},
		post: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
			const response = await fetch(url + path, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: typeof body === 'string' ? body : JSON.stringify(body),
			});
			return { status: response.status, answer: (await response.json()) as unknown };
		},
	};
};
