import { type Arrival, hostNameOf } from '../runtime/arrival.ts';
import type { Config } from '../runtime/config-schema.ts';

/** Where a browser finds the API and the WebSocket: what /config.json answers. */
export interface PublicUrls {
	readonly apiUrl: string;
	/** null: the API tells which servers there are. */
	readonly wsUrl: string | null;
}

/** The arrival, by `fallbackHost` if what the client wrote as the host can stand in no URL. */
export const soundArrival = ({ host, secure }: Arrival, fallbackHost: string): Arrival => {
	const sound = hostNameOf({ host, secure }) !== undefined && URL.canParse(`http://${host}`);
	return { host: sound ? host : fallbackHost, secure };
};

/**
 * What is configured; a path there is one of the page's own origin. Without a URL for the API: the host by which the
 * browser found the site, with the port of [api].
 */
export const publicUrlsOf = ({ site, api }: Pick<Config, 'site' | 'api'>, arrival: Arrival): PublicUrls => {
	const tls = arrival.secure ? 's' : '';
	const absolute = (scheme: string, url: string) =>
		url.startsWith('/') ? `${scheme}${tls}://${arrival.host}${url === '/' ? '' : url}` : url;
	return {
		apiUrl: absolute('http', site.api_url) || `http${tls}://${hostNameOf(arrival) ?? arrival.host}:${api.port}`,
		wsUrl: absolute('ws', site.ws_url) || null,
	};
};
