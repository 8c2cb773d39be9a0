import { ChatError } from '../../protocol/errors.ts';

/** The promise's outcome, or `timeout` if that takes longer. What the promise stands for goes on unheard. */
export const inTime = <T>(promise: Promise<T>, withinMs: number): Promise<T> =>
	new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new ChatError('timeout')), withinMs);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
