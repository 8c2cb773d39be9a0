import { type Arrival, hostNameOf } from '../runtime/arrival.ts';
import type { Config } from '../runtime/config-schema.ts';

/** Where a browser finds the API and the WebSocket: what /config.json answers. */
export interface PublicUrls {
	readonly apiUrl: string;
	readonly wsUrl: string;
}

/**
 * Configured URLs, or else the host by which the browser found the site with the ports of [api] and [connect_ws].
 * A Host header that is not a host name is replaced by `fallbackHost`.
 */
export const publicUrlsOf = (config: Config, arrival: Arrival, fallbackHost: string): PublicUrls => {
	const name = hostNameOf(arrival) ?? fallbackHost;
	const tls = arrival.secure ? 's' : '';
	return {
		apiUrl: config.site.api_url || `http${tls}://${name}:${config.api.port}`,
		wsUrl: config.site.ws_url || `ws${tls}://${name}:${config.connect_ws.port}${config.connect_ws.path}`,
	};
};

/** The origins as CSP sources. CSP cannot name an IPv6 address, so for those any host of the scheme is allowed. */
const sourceOf = (url: string): string => {
	const { protocol, origin, host } = new URL(url);
	return host.startsWith('[') ? protocol : origin === 'null' ? `${protocol}//${host}` : origin;
};

/** Content-Security-Policy of the page: only its own files, and connections to nothing but the API and the WebSocket. */
export const contentSecurityPolicy = ({ apiUrl, wsUrl }: PublicUrls): string =>
	[
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		`connect-src 'self' ${sourceOf(apiUrl)} ${sourceOf(wsUrl)}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join('; ');
