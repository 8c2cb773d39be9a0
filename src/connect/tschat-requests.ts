import { toTime } from '../protocol/v2/values.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel } from './channel.ts';
import { createConversationRequests } from './conversation-requests.ts';
import { withRef } from './frame-support.ts';
import { createHello } from './hello.ts';
import type { Refuse, RequestParts } from './requests.ts';
import { createRoomRequests } from './room-requests.ts';

/** What clients of protocol v2 ask for. */
export const createTschatRequests = (parts: RequestParts) => ({
	...createHello(parts),
	...createRoomRequests(parts),
	...createConversationRequests(parts),
	invalid: async (_channel: Channel, { error }: { readonly error: Error }) => {
		throw error;
	},
});

/** Answers with an error frame. Before hello nothing may be wrong: the socket is closed. */
export const refuseTschat =
	(logger: Logger): Refuse =>
	(channel, frame, error) => {
		const { key, message, retryable, until } = error;
		const end = until === undefined ? {} : { until: toTime(until) };
		if (key === 'internal') logger.error({ err: error.cause ?? error, frame: frame.type }, 'frame failed');
		else logger.debug({ err: error, frame: frame.type }, 'frame refused');
		channel.answer({ type: 'error', ...withRef(frame as { ref?: string }), code: key, message, retryable, ...end });
		if (channel.identity !== undefined) return;
		if (frame.type !== 'hello') channel.close('protocol-error');
		else if (retryable) channel.close('auth-unavailable');
		else channel.close(key === 'unauthorized' ? 'bad-token' : 'protocol-error');
	};
