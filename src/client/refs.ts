/** A name for a request or message that nobody else gives: 96 random bits. `randomUUID` would need a secure context. */
export const newRef = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
