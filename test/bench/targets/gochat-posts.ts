import type { BenchUser, HttpPost, RunningTarget } from './target.ts';

const post = (path: string, body: object): HttpPost => ({
	path,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

/** Sending by gochat's HTTP API, which tschat has too. */
export const gochatPosts: Pick<RunningTarget, 'roomPost' | 'userPost'> = {
	roomPost: ({ token }: BenchUser, roomId: number, msg: string) =>
		post('/push/pushRoom', { authToken: token, msg, roomId }),
	userPost: ({ token }: BenchUser, { id }: BenchUser, msg: string) =>
		post('/push/push', { authToken: token, msg, toUserId: String(id), roomId: 1 }),
};
