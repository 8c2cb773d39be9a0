/** What the client needs of its host: the parts of browser interfaces that Node and libraries for it offer as well. */

/** The part of a WebSocket that is used. A browser's, Node's (from 22 on) and that of the `ws` package fit. */
export interface WebSocketLike {
	readonly readyState: number;
	/** The subprotocol that the server chose. */
	readonly protocol: string;
	onopen: ((event: never) => void) | null;
	onmessage: ((event: never) => void) | null;
	onclose: ((event: never) => void) | null;
	onerror: ((event: never) => void) | null;
	send(data: string): void;
	close(code?: number, reason?: string): void;
	/** Cuts the connection without a good-bye; only `ws` has it. */
	terminate?(): void;
}

/** Makes a WebSocket that connects at once. */
export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike;

/** The part of a browser's `localStorage` or `sessionStorage` that is used. */
export interface StorageLike {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
}
