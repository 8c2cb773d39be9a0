import { useSyncExternalStore } from 'react';

const everyMs = 60_000;

const subscribe = (changed: () => void): (() => void) => {
	const timer = setInterval(changed, everyMs);
	return () => clearInterval(timer);
};

const today = (): number => new Date().setHours(0, 0, 0, 0);

/** The beginning of the present day in the reader's zone; ms since 1970. A page that stays open over midnight learns of it within a minute. */
export const useToday = (): number => useSyncExternalStore(subscribe, today, today);
