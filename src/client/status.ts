import type { StatusV2 } from '../protocol/http-v2/status.ts';
import type { AccountAccess } from './account.ts';
import { callApi } from './http.ts';

/** How the cluster is: its modules, and figures of the last ten minutes. */
export type ClusterStatus = StatusV2;

/**
 * How the cluster is, for administrators; the API looks anew at most once a second. Rejects with `forbidden` for everybody else, with
 * `unauthorized` when the session has ended, and with `unreachable` when the API does not answer or `signal` is aborted.
 *
 * ```ts
 * const { modules, queue } = await clusterStatus({ api, token });
 * const silent = modules.filter(({ answers }) => answers === false);
 * ```
 */
export const clusterStatus = async ({
	api,
	token,
	signal,
}: AccountAccess & { readonly signal?: AbortSignal | undefined }): Promise<ClusterStatus> =>
	(await callApi(api, '/v2/status', { token, ...(signal === undefined ? {} : { signal }) })) as ClusterStatus;
