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

/** What every answer over HTTP tells browsers, `secure` when it goes over TLS: guess no types, tell nobody where one was, and let no other origin's page hold it. */
export const commonHeaders = (secure: boolean): Readonly<Record<string, string>> => (secure ? overTls : plain);
