import { useSyncExternalStore } from 'react';

const attentive = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

const subscribe = (changed: () => void): (() => void) => {
	const stop = new AbortController();
	const { signal } = stop;
	addEventListener('focus', changed, { signal });
	addEventListener('blur', changed, { signal });
	document.addEventListener('visibilitychange', changed, { signal });
	return () => stop.abort();
};

/** Whether the person looks at the page: only then is anything read. */
export const useAttention = (): boolean => useSyncExternalStore(subscribe, attentive);
