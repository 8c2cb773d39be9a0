/** PEM texts: a certificate with its chain, its private key, and whom to trust. */
export interface Pem {
	readonly cert: Buffer;
	readonly key: Buffer;
	/** Absent: the public authorities. */
	readonly ca?: Buffer;
}

/** A certificate that is renewed while the process runs. What it gives is readable, belongs together, and was valid when it was read. */
export interface Certificates {
	/** The latest; to be asked anew for each connection, or at each `onRenewed`. */
	readonly current: Pem;
	/** Calls back after each renewal, until what it gives is called. */
	onRenewed(callback: () => void): () => void;
}
