import type { Socket } from 'node:net';
import { clientOfAddress, type TrustedProxies } from '../runtime/client-address.ts';
import type { Admission } from './admission.ts';

/** A connection is found again by its peer: over TLS the socket that is served is another one than that which came. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * The connections of one server that have come and are not served yet: in the handshake of TLS, before they ask for a WebSocket,
 * before a proxy's header. They hold files and memory like those that have not authenticated, and as many may be there.
 */
export class Arrivals {
	readonly #admission: Admission;
	readonly #trusted: TrustedProxies;
	readonly #underWay = new Map<string, () => void>();

	constructor(admission: Admission, trusted: TrustedProxies) {
		this.#admission = admission;
		this.#trusted = trusted;
	}

	/** Counts a connection, for the address that it comes from, until it is served or closes. False when it was reset, since there are too many. */
	readonly arrived = (raw: Socket): boolean => {
		// It was reset before it was taken, and would count for nobody.
		if (raw.remoteAddress === undefined) {
			raw.destroy();
			return false;
		}
		const client = clientOfAddress(raw.remoteAddress, this.#trusted);
		if (!this.#admission.arrived(client)) {
			raw.resetAndDestroy();
			return false;
		}
		const peer = peerOf(raw);
		const leave = () => {
			// An idle connection keeps nothing of this.
			raw.off('close', leave);
			this.#underWay.delete(peer);
			this.#admission.arrivalEnded(client);
		};
		raw.on('close', leave);
		this.#underWay.set(peer, leave);
		return true;
	};

	/** The connection is the connect server's from now on, which counts it. */
	served(socket: Socket): void {
		this.#underWay.get(peerOf(socket))?.();
	}
}
