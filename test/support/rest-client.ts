interface RestAnswer {
	readonly status: number;
	/** Null when the response has no body. */
	readonly body: unknown;
}

/** Asks REST v2 with a user's token: `ask('PUT', '/v2/conversations/room:1/read', { seq: 3 })`. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<RestAnswer>;

export const restClient =
	(apiUrl: string, token = ''): Ask =>
	async (method, path, body) => {
		const response = await fetch(apiUrl + path, {
			method,
			headers: token === '' ? {} : { authorization: `Bearer ${token}` },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		return { status: response.status, body: text === '' ? null : JSON.parse(text) };
	};

export interface SignedIn {
	readonly token: string;
	readonly user: { readonly id: string; readonly name: string };
}
