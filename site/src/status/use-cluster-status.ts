import { useEffect, useState } from 'react';
import { type ClusterStatus, clusterStatus, TschatError } from 'tschat/client';
import { signedOut } from '../session/session.ts';

const askEveryMs = 2000;
const askTimeoutMs = 10_000;

/** The last answer, and what became of the last question. */
interface Watched {
	readonly status?: ClusterStatus;
	/** When the answer came, in milliseconds by this machine's clock. */
	readonly receivedAt?: number;
	/** Why the last question got no answer; undefined when it got one. */
	readonly error?: unknown;
}

/** Asks now and every two seconds, as long as the page can be seen. The last answer stays when later questions fail. */
export const useClusterStatus = (api: string, token: string): Watched => {
	const [watched, setWatched] = useState<Watched>({});
	useEffect(() => {
		const left = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		let asking = false;
		const ask = async () => {
			clearTimeout(timer);
			if (asking || document.hidden) return;
			asking = true;
			const signal = AbortSignal.any([left.signal, AbortSignal.timeout(askTimeoutMs)]);
			const answer = await clusterStatus({ api, token, signal }).then(
				(status): Watched => ({ status, receivedAt: Date.now(), error: undefined }),
				(error: unknown): Watched => ({ error }),
			);
			asking = false;
			if (left.signal.aborted) return;
			if (answer.error instanceof TschatError && answer.error.code === 'unauthorized')
				return signedOut(token, 'revoked');
			setWatched((before) => ({ ...before, ...answer }));
			timer = setTimeout(ask, askEveryMs);
		};
		void ask();
		document.addEventListener('visibilitychange', ask, { signal: left.signal });
		return () => {
			left.abort();
			clearTimeout(timer);
		};
	}, [api, token]);
	return watched;
};
