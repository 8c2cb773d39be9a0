import type { TFunction } from 'i18next';
import { TschatError } from 'tschat/client';
import { en } from './en/index.ts';

type KnownCode = keyof typeof en.app.errors;
const isKnown = (code: string): code is KnownCode => Object.hasOwn(en.app.errors, code);

/** Longer waits are told in minutes. */
const mostSeconds = 119;

/** What a person is told of an error, and when to try again if the server told: never the error's own text. */
export const errorText = (t: TFunction, error: unknown): string => {
	const { code, retryAfter, until } =
		error instanceof TschatError ? error : { code: 'other', retryAfter: undefined, until: undefined };
	if (until !== undefined && (code === 'banned' || code === 'muted')) {
		return t(`app.errors.${code}-until`, { until: new Date(until) });
	}
	const what = t(`app.errors.${isKnown(code) ? code : 'other'}`);
	if (retryAfter === undefined) return what;
	const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
	return seconds > mostSeconds
		? t('app.retryIn.minutes', { what, count: Math.ceil(seconds / 60) })
		: t('app.retryIn.seconds', { what, count: seconds });
};
