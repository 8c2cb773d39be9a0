const timeoutMs = 10_000;
const sessionError = 40000;

/** A request that failed; `sessionEnded` says that one must log in again. */
export class ApiError extends Error {
	constructor(message, sessionEnded) {
		super(message);
		this.sessionEnded = sessionEnded;
	}
}

const request = async (url, options) => {
	try {
		const response = await fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
		return { status: response.status, answer: await response.json() };
	} catch {
		throw new ApiError('the server does not answer', false);
	}
};

/** The HTTP API: gochat's v1 routes, and history of v2. */
export const createApi = (url) => ({
	/** Posts to a v1 route; its `data`. */
	async post(path, body) {
		const { answer } = await request(url + path, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (answer.code !== 0) throw new ApiError(answer.message, answer.code === sessionError);
		return answer.data;
	},

	/** A page of a conversation, oldest first; `page` may hold `before`, `after` and `limit`. */
	async history(token, conv, page) {
		const address = `${url}/v2/conversations/${encodeURIComponent(conv)}/messages?${new URLSearchParams(page)}`;
		const { status, answer } = await request(address, { headers: { authorization: `Bearer ${token}` } });
		if (status !== 200) throw new ApiError(answer.error.message, status === 401);
		return answer;
	},
});
