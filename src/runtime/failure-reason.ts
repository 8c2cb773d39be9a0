import { ChatError } from '../protocol/errors.ts';
import { StartError } from './failures.ts';

/** The errors from the outermost to the root: causes, and the first of an aggregate. */
function* causesOf(error: unknown): Generator<Error> {
	for (let next = error; next instanceof Error; ) {
		yield next;
		next = next instanceof AggregateError ? next.errors[0] : next.cause;
	}
}

/** The system error at the root of a failure, such as EADDRINUSE, or undefined. */
export const systemError = (
	error: unknown,
): (NodeJS.ErrnoException & { port?: number; address?: string }) | undefined => {
	for (const cause of causesOf(error)) {
		if ('code' in cause && 'syscall' in cause) return cause as NodeJS.ErrnoException;
	}
	return undefined;
};

/** Why something failed, in one line without a stack. */
export const failureReason = (error: unknown): string => {
	const [first] = String(error instanceof Error ? error.message : error).split('\n');
	if (error instanceof StartError || error instanceof ChatError) return first ?? '';
	const root = systemError(error);
	return (root?.message || root?.code || first) ?? 'no reason given';
};
