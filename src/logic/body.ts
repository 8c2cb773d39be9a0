import { ChatError } from '../protocol/errors.ts';
import { maxBodyBytes, maxEncodedBodyBytes } from '../protocol/limits.ts';

const loneSurrogate = /\p{Surrogate}/u;

/** Refuses text that UTF-8 cannot carry, and the null character, which PostgreSQL cannot store. */
export const checkText = (field: string, text: string): void => {
	if (text.includes('\0')) throw new ChatError('bad-request', `${field}: must not contain the null character`);
	if (loneSurrogate.test(text)) throw new ChatError('bad-request', `${field}: must be well-formed Unicode`);
};

/** Refuses what cannot be the body of a message. */
export const checkBody = (body: string): void => {
	checkText('message', body);
	if (body === '') throw new ChatError('bad-request', 'message: must not be empty');
	if (Buffer.byteLength(body) > maxBodyBytes) {
		throw new ChatError('bad-request', `message: must be at most ${maxBodyBytes} bytes of UTF-8`);
	}
	// Six bytes of JSON at most for one of UTF-8: only a long body needs the look.
	if (body.length * 6 > maxEncodedBodyBytes && Buffer.byteLength(JSON.stringify(body)) > maxEncodedBodyBytes) {
		throw new ChatError('bad-request', 'message: too many control characters');
	}
};
