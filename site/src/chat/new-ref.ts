/** A name for a message that nobody else gives to one: 128 random bits. Works on pages without a secure context, too. */
export const newRef = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
