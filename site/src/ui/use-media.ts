import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds, now and as it changes. */
export const useMedia = (query: string): boolean => {
	const subscribe = useCallback(
		(changed: () => void) => {
			const stop = new AbortController();
			matchMedia(query).addEventListener('change', changed, { signal: stop.signal });
			return () => stop.abort();
		},
		[query],
	);
	return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
};
