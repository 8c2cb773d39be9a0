import type { UserV2 } from '../protocol/v2/values.ts';
import { callApi } from './http.ts';

/** A user, as one is told of oneself. */
export interface Me extends UserV2 {
	/** Whether an administrator, who may ask for the status of the cluster. */
	readonly admin: boolean;
}

/** Whose token it is. Rejects with `unauthorized` when its session has ended. */
export const me = async ({ api, token }: { api: string; token: string }): Promise<Me> =>
	(await callApi(api, '/v2/me', { token })) as Me;
