/** How a client came to this server. */
export interface Arrival {
	/** The Host header, which anyone can write anything into. */
	readonly host: string;
	readonly secure: boolean;
}

const hostname = /^([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The Host header's name without its port; undefined if it is not a host name. */
export const hostNameOf = ({ host }: Arrival): string | undefined => hostname.exec(host)?.[1];
