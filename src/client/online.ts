import type { Requests } from './requests.ts';

/** Users that a server takes in one question. */
const maxUsers = 200;

/** See `Chat.online`. As many questions as it takes, one after the other. */
export const askOnline = async (requests: Requests, userIds: readonly string[]): Promise<string[]> => {
	const online: string[] = [];
	for (let start = 0; start < userIds.length; start += maxUsers) {
		const users = userIds.slice(start, start + maxUsers);
		const found = await requests.ask(
			'online',
			(ref) => ({ type: 'online', ref, users }),
			(answer) => answer.users,
		);
		online.push(...found);
	}
	return online;
};
