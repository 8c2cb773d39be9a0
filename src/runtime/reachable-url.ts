import { type Arrival, hostNameOf } from './arrival.ts';

const parts = /^(?<scheme>[a-z]+):\/\/(?<host>\[[^\]]*\]|[^:/]*)(?<rest>.*)$/;
/** Names of this machine that mean another one elsewhere. */
const isLocal = (host: string): boolean => /^(localhost|127(\.[0-9]{1,3}){3}|\[::1?\]|0\.0\.0\.0)$/i.test(host);

/**
 * The URL of a server as a client can reach it. One that is known by a loopback address runs on this machine, so a client
 * that found this machine by another name finds the server by that name too; over TLS also by `localhost`, which the certificate
 * may hold instead of the address. Every other URL is told as it is.
 */
export const reachableUrl = (url: string, arrival: Arrival): string => {
	const { scheme, host = '', rest } = parts.exec(url)?.groups ?? {};
	const name = hostNameOf(arrival);
	const secure = scheme === 'wss' || scheme === 'https' || scheme === 'tls';
	if (!isLocal(host) || name === undefined || (isLocal(name) && !secure)) return url;
	return `${scheme === 'ws' && arrival.secure ? 'wss' : scheme}://${name}${rest}`;
};
