import type { TFunction } from 'i18next';
import { TschatError } from 'tschat/client';
import { en } from './en/index.ts';

type KnownCode = keyof typeof en.app.errors;
const isKnown = (code: string): code is KnownCode => Object.hasOwn(en.app.errors, code);

/** What a person is told of an error: never the error's own text. */
export const errorText = (t: TFunction, error: unknown): string => {
	const code = error instanceof TschatError ? error.code : 'other';
	return t(`app.errors.${isKnown(code) ? code : 'other'}`);
};
