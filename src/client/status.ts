import type { StatusV2 } from '../protocol/http-v2/status.ts';
import { callApi } from './http.ts';

/** How the cluster is: its modules, and figures of the last ten minutes. */
export type ClusterStatus = StatusV2;

/**
 * How the cluster is, for administrators; the server makes it anew once a second at most. Rejects with `forbidden` for everybody else.
 *
 * ```ts
 * const { modules, queue } = await clusterStatus({ api, token: session.token });
 * console.log(modules.filter(({ answers }) => answers === false), queue);
 * ```
 */
export const clusterStatus = async ({
	api,
	token,
	signal,
}: {
	/** Base of the REST API. */
	api: string;
	token: string;
	/** Gives up when it is aborted: rejects with `unreachable`. */
	signal?: AbortSignal | undefined;
}): Promise<ClusterStatus> =>
	(await callApi(api, '/v2/status', { token, ...(signal === undefined ? {} : { signal }) })) as ClusterStatus;
