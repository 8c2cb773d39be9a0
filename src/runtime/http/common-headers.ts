/** A browser that came over TLS comes over TLS from then on, for a year. Only of the host itself: what else is there is not ours to say. */
const strictTransport = { 'strict-transport-security': 'max-age=31536000' };

const plain = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'x-frame-options': 'DENY',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
};
const overTls = { ...plain, ...strictTransport };

/** Answers are data: whatever a browser takes one for, nothing in it runs, loads or is framed. */
const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const plainData = { 'content-security-policy': dataPolicy, ...plain };
const dataOverTls = { ...plainData, ...strictTransport };

/** What an answer that is no page tells browsers. */
export const dataHeaders = (secure: boolean): Readonly<Record<string, string>> => (secure ? dataOverTls : plainData);

/** The same as the lines of an answer that is written by hand, each with its end. */
export const dataHeaderLines = (secure: boolean): string =>
	Object.entries(dataHeaders(secure))
		.map(([name, value]) => `${name}: ${value}\r\n`)
		.join('');

/** What every answer over HTTP tells browsers, `secure` when it goes over TLS: guess no types, tell nobody where one was, and let no other origin's page hold it. */
export const commonHeaders = (secure: boolean): Readonly<Record<string, string>> => (secure ? overTls : plain);
