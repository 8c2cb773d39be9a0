import { plainWords } from '../ports/plain-words.ts';
import { ChatError, errorKinds } from '../protocol/errors.ts';
import { hidePasswordsIn } from './config-secrets.ts';

/** What Node and the system say about a failed call, such as EADDRINUSE. */
interface SystemError extends NodeJS.ErrnoException {
	readonly port?: number;
	readonly address?: string;
	readonly hostname?: string;
}

const isSystemError = (error: Error): error is SystemError => 'code' in error && 'syscall' in error;

/** The system error behind a failure, or undefined. */
export const systemError = (error: unknown): SystemError | undefined => {
	if (!(error instanceof Error)) return undefined;
	if (isSystemError(error)) return error;
	return systemError(error instanceof AggregateError ? error.errors[0] : error.cause);
};

const isUntold = (error: unknown): error is ChatError =>
	error instanceof ChatError && error.cause !== undefined && error.message === errorKinds[error.key].message;

/** Why something failed, in one line without a stack or a password. */
export const failureReason = (error: unknown): string => {
	if (isUntold(error)) return failureReason(error.cause);
	const words = plainWords(String(error instanceof Error ? error.message : error));
	return hidePasswordsIn(words || systemError(error)?.code || 'no reason given');
};
