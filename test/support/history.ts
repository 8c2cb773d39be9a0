import type { MessageV2 } from '../../src/protocol/v2/values.ts';

/** A whole conversation as the store has it, oldest first, read over REST. */
export const historyOf = async (apiUrl: string, token: string, conv: string): Promise<MessageV2[]> => {
	const all: MessageV2[] = [];
	for (let more = true; more; ) {
		const url = `${apiUrl}/v2/conversations/${conv}/messages?after=${all.at(-1)?.seq ?? 0}&limit=200`;
		const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
		if (!response.ok) throw new Error(`history of ${conv}: ${response.status} ${await response.text()}`);
		const page = (await response.json()) as { items: MessageV2[]; more: boolean };
		all.push(...page.items);
		more = page.more;
	}
	return all;
};
