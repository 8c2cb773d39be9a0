import { TschatError } from './errors.ts';
import { findServers } from './http.ts';

/** Where to connect: by the REST API, or to fixed servers. */
export interface Whereabouts {
	readonly api?: string | undefined;
	readonly url?: string | undefined;
	readonly urls?: readonly string[] | undefined;
}

/** Tells the servers to try, best first. May come back empty; rejects when none were ever known. */
export type Servers = (signal: AbortSignal) => Promise<readonly string[]>;

const askTimeoutMs = 5000;

const checked = (url: string): string => {
	if (!/^wss?:\/\/./.test(url)) throw new TschatError('bad-request', `${url} is not a ws: or wss: URL`);
	return url;
};

/** Asks the API before each attempt. While it does not answer, the servers that it named last are tried, then the fixed ones. */
export const serversOf = ({ api, url, urls = [] }: Whereabouts): Servers => {
	const fixed = [...(url === undefined ? [] : [url]), ...urls].map(checked);
	if (api === undefined) {
		if (fixed.length === 0) throw new TschatError('bad-request', 'connect needs api, url or urls');
		return async () => fixed;
	}
	let known: readonly string[] = fixed;
	return async (signal) => {
		const late = new AbortController();
		const abort = () => late.abort();
		const timer = setTimeout(abort, askTimeoutMs);
		signal.addEventListener('abort', abort);
		try {
			const found = await findServers(api, late.signal);
			if (found.length > 0) known = found;
		} catch (error) {
			if (known.length === 0) throw error;
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
		}
		return known;
	};
};
