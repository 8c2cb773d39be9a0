import type { ServiceInstance } from '../ports/service-registry.ts';
import { type Arrival, hostNameOf } from '../runtime/arrival.ts';
import { commonHeaders } from '../runtime/http/common-headers.ts';
import { reachableUrl } from '../runtime/reachable-url.ts';
import type { PublicUrls } from './public-urls.ts';

const url =
	/^(?<scheme>https?|wss?):\/\/(?:(?<host>[A-Za-z0-9._-]+)(?<port>:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?)(?:\/|$)/;
/** Proxies take headers of a few kilobytes. */
const mostServers = 50;

/** The origin as a CSP source. CSP cannot name an IPv6 address: for those, any host of the scheme. */
const sourceOf = (address: string, anyPort = false): string[] => {
	const { scheme, host, port = '' } = url.exec(address)?.groups ?? {};
	if (scheme === undefined) return [];
	return [host === undefined ? `${scheme}:` : `${scheme}://${host}${anyPort ? ':*' : port}`];
};

/**
 * Where the page may connect to. It has the address of a WebSocket, or else gets one from the API each time that it connects:
 * then that may be any port of the page's own host, and of those on which connect servers are now.
 */
const connectSources = (
	{ apiUrl, wsUrl }: PublicUrls,
	arrival: Arrival,
	servers: readonly ServiceInstance[],
): Set<string> => {
	const fixed = ["'self'", ...sourceOf(apiUrl)];
	if (wsUrl !== null) return new Set([...fixed, ...sourceOf(wsUrl)]);
	const scheme = arrival.secure ? 'wss' : 'ws';
	const own = sourceOf(`${scheme}://${hostNameOf(arrival) ?? arrival.host}`, true);
	const found = new Set(
		servers.flatMap(({ publicUrl }) => (publicUrl === null ? [] : sourceOf(reachableUrl(publicUrl, arrival), true))),
	);
	return new Set([...fixed, ...own, ...(found.size > mostServers ? ['ws:', 'wss:'] : found)]);
};

/** The features of browsers that the page does without: not even a library of it, or a script that got in, can ask for them. */
const unused = [
	...[
		'accelerometer',
		'autoplay',
		'camera',
		'display-capture',
		'encrypted-media',
		'fullscreen',
		'geolocation',
		'gyroscope',
	],
	...['hid', 'idle-detection', 'magnetometer', 'microphone', 'midi', 'payment', 'picture-in-picture'],
	...['publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking'],
];

/** Of all answers: the page loads its own files, connects to the chat's servers, is framed by nobody, and makes no HTML from text. */
export const securityHeaders = (
	urls: PublicUrls,
	arrival: Arrival,
	servers: readonly ServiceInstance[],
): Record<string, string> => ({
	'content-security-policy': [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"manifest-src 'self'",
		`connect-src ${[...connectSources(urls, arrival, servers)].join(' ')}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	].join('; '),
	...commonHeaders(arrival.secure),
	'permissions-policy': unused.map((feature) => `${feature}=()`).join(', '),
});
