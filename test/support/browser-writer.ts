import { register } from '../../src/client/index.ts';
import { type Ask, restClient, type SignedIn } from './rest-client.ts';

/** Somebody without a page, who does through the API what has to happen while a page is watched. */
export interface Writer extends SignedIn {
	readonly ask: Ask;
	/** Resolves when all are accepted, in this order. */
	say(conv: string, ...bodies: readonly string[]): Promise<void>;
}

/** Registers somebody. */
export const newWriter = async (api: string, name: string): Promise<Writer> => {
	const session = await register({ api, name, password: '111111' });
	const ask = restClient(api, session.token);
	return {
		...session,
		ask,
		say: async (conv, ...bodies) => {
			for (const body of bodies) {
				const { status } = await ask('POST', `/v2/conversations/${conv}/messages`, { body });
				if (status !== 201) throw new Error(`a message is refused with ${status}`);
			}
		},
	};
};
