import { StatusV2 } from '../../protocol/http-v2/status.ts';
import { sampleIntervalMs } from '../../protocol/rpc-status.ts';
import { toTime } from '../../protocol/v2/values.ts';
import { reachableUrl } from '../../runtime/reachable-url.ts';
import { route } from './route.ts';

export const statusRoutes = [
	route({
		method: 'GET',
		path: '/v2/status',
		tag: 'operators (v2)',
		summary: 'What runs, and what it carries',
		description: 'For administrators. It is at most a second old, however many ask.',
		status: 200,
		answer: StatusV2,
		errors: ['forbidden'],
		call: async ({ rpc }, { token, arrival }) => {
			const { at, modules, queue, samples } = await rpc.call('logic.clusterStatus', { token });
			return {
				at: toTime(at),
				modules: modules.map(({ startedAt, publicUrl, ...module }) => ({
					...module,
					startedAt: toTime(startedAt),
					publicUrl: publicUrl === null ? null : reachableUrl(publicUrl, arrival),
				})),
				queue,
				intervalMs: sampleIntervalMs,
				samples: samples.map((sample) => ({ ...sample, at: toTime(sample.at) })),
			};
		},
	}),
];
